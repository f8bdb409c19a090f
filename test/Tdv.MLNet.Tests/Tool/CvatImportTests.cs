using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>"CVAT for images 1.1".</summary>
[Collection("console")]
public sealed class CvatImportTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shapes_by_their_depth_become_a_mask()
    {
        string input = _folder.Write(
            "cvat.xml",
            """
            <?xml version="1.0" encoding="utf-8"?>
            <annotations>
              <version>1.1</version>
              <meta><task><labels>
                <label><name>traffic light</name><color>#0a141e</color></label>
                <label><name>cat</name></label>
              </labels></task></meta>
              <image id="0" name="my picture.png" width="8" height="6">
                <tag label="day"></tag>
                <mask label="cat" rle="1, 2, 1" left="2" top="1" width="2" height="2" z_order="1"></mask>
                <box label="traffic light" xtl="1.0" ytl="0.0" xbr="4.0" ybr="3.0" z_order="0"></box>
                <polygon label="cat" points="5.0,3.0;8.0,3.0;8.0,5.0;5.0,5.0"></polygon>
              </image>
            </annotations>
            """
        );

        Assert.Equal(
            """
            01110000
            01120000
            01210000
            00000222
            00000222
            00000000
            """.ReplaceLineEndings("\n"),
            _folder.Import("cvat", input)
        );
        Assert.Equal(new MaskClass(1, "traffic light", 10, 20, 30), MaskClass.ReadFile(_folder["out/classes.txt"])[1]);
    }
}
