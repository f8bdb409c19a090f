using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Tdv.MLNet.Tests.Masks;

public sealed class AttachMasksTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly ToyData _data = new(frames: 2);
    private readonly IReadOnlyList<MaskClass> _classes;

    public AttachMasksTests() => _classes = MaskClass.ReadFile(_data.ClassFile);

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Rows_are_counted_in_each_video()
    {
        var rows = Rows("a", "a", "b", "b", "b");

        Assert.Equal([0, 3072, 0, 0, 3072], Lengths(rows, [new(Mask(0), 1), new(Mask(1), 2, "b")]));
        Assert.Equal([3072, 0, 0, 0, 0], Lengths(rows, [new(Mask(0))]));
        Assert.Equal([0, 0, 3072, 0, 0], Lengths(rows, [new(Mask(0), 0, "b")]));
    }

    [Fact]
    public void A_mask_without_a_row_is_an_error_at_the_end()
    {
        var view = _ml.Data.AttachMasks(
            Rows("a", "a"),
            [new(Mask(0)), new(Mask(1), 2), new(Mask(1), 0, "c")],
            _classes
        );

        var error = Assert.Throws<InvalidOperationException>(() => view.GetColumn<VBuffer<uint>>("Mask").Count());

        Assert.Equal(
            $"""
            There are masks without a row:
            - '{Mask(1)}' belongs to row 2 of the first video, which there is not.
            - '{Mask(1)}' belongs to row 0 of video 'c', which there is not.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Data.AttachMasks(
                Rows("a"),
                [new(Mask(0), -1), new("no.png"), new(Mask(1))],
                [],
                outputColumnName: "",
                videoColumnName: "Clip"
            )
        );

        Assert.Equal(
            $"""
            AttachMasks cannot work:
            - outputColumnName is empty.
            - classes has no class that is not ignored.
            - there is no column 'Clip' among 'Video'; Text is expected.
            - '{Mask(0)}' belongs to row -1; 0 or more is expected.
            - the mask 'no.png' does not exist.
            - row 0 of the first video has 2 masks: 'no.png', '{Mask(1)}'.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    [Fact]
    public void A_row_without_a_path_has_an_empty_mask()
    {
        var rows = _ml.Data.LoadFromEnumerable([new Labeled { Path = Mask(0) }, new Labeled { Path = "" }]);
        var masks = _ml.Transforms.LoadMasks("Mask", "", "Path", _classes).Fit(rows).Transform(rows);

        Assert.Equal([3072, 0], masks.GetColumn<VBuffer<uint>>("Mask").Select(mask => mask.Length));
    }

    private string Mask(int frame) => Path.Combine(_data.MaskFolder, ToyData.Name(frame));

    private IEnumerable<int> Lengths(IDataView rows, FrameMask[] masks) =>
        _ml.Data.AttachMasks(rows, masks, _classes).GetColumn<VBuffer<uint>>("Mask").Select(mask => mask.Length);

    private IDataView Rows(params string[] videos) =>
        _ml.Data.LoadFromEnumerable(videos.Select(video => new InVideo { Video = video }));

    private sealed class InVideo
    {
        public required string Video { get; init; }
    }

    private sealed class Labeled
    {
        public required string Path { get; init; }
    }
}
