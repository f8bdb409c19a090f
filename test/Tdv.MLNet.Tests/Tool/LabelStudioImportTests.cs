using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>The JSON of Label Studio.</summary>
[Collection("console")]
public sealed class LabelStudioImportTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Brushes_polygons_and_rectangles_become_a_mask()
    {
        // Opaque: pixels 10 and 11, row by row, as a run of each channel's values; all others are clear.
        var values = new byte[6 * 8 * 4];
        values.AsSpan(40, 8).Fill(255);
        string input = _folder.Write(
            "studio.json",
            $$"""
            [{
              "id": 7,
              "data": { "image": "/data/upload/1/1a2b3c4d-my%20picture.png" },
              "annotations": [{ "was_cancelled": true, "result": [] }, { "was_cancelled": false, "result": [
                { "type": "choices", "value": { "choices": ["day"] } },
                { "type": "brushlabels", "original_width": 8, "original_height": 6, "image_rotation": 0,
                  "value": { "format": "rle", "rle": [{{string.Join(", ", Pack(values))}}], "brushlabels": ["cat"] } },
                { "type": "polygonlabels", "original_width": 8, "original_height": 6,
                  "value": { "points": [[50, 50], [100, 50], [100, 100], [50, 100]], "polygonlabels": ["ball"] } },
                { "type": "rectanglelabels", "original_width": 8, "original_height": 6,
                  "value": { "x": 0, "y": 50, "width": 25, "height": 50, "rotation": 0, "rectanglelabels": ["cat"] } }
              ]}]
            }]
            """
        );

        Assert.Equal(
            """
            00000000
            00110000
            00000000
            11002222
            11002222
            11002222
            """.ReplaceLineEndings("\n"),
            _folder.Import("labelstudio", input)
        );
        Assert.Equal(["background", "cat", "ball"], _folder.Classes());
    }

    /// <summary>Packs values as rle-pack does, with lengths of 3, 4, 8 and 16 bits: here runs, and the first 5 one by one.</summary>
    private static IEnumerable<byte> Pack(byte[] values)
    {
        var bits = new List<bool>();
        Write(values.Length, 32);
        Write(8 - 1, 5);
        foreach (int length in (int[])[3, 4, 8, 16])
        {
            Write(length - 1, 4);
        }

        const int single = 5;
        Write(0, 1);
        Write(0, 2);
        Write(single - 1, 3);
        foreach (byte value in values[..single])
        {
            Write(value, 8);
        }

        for (int at = single; at < values.Length; )
        {
            int end = at;
            while (end < values.Length && values[end] == values[at])
            {
                end++;
            }

            Write(1, 1);
            Write(2, 2);
            Write(end - at - 1, 8);
            Write(values[at], 8);
            at = end;
        }

        return bits.Chunk(8).Select(part => (byte)part.Select((bit, i) => bit ? 128 >> i : 0).Sum());

        void Write(int value, int count)
        {
            for (int i = count - 1; i >= 0; i--)
            {
                bits.Add(((value >> i) & 1) != 0);
            }
        }
    }
}
