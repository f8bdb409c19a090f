using System.Text;
using OpenCvSharp;
using Tdv.Tool.Importing;
using Tdv.Tool.Output;

namespace Tdv.MLNet.Torture;

/// <summary>Exports of labels, small and with a shape of each kind, beside the picture that they are of.</summary>
internal static class ExportSamples
{
    private const int Height = 6;
    private const int Width = 8;

    private static readonly string Folder = Directory.CreateTempSubdirectory("tdv-exports-").FullName;

    public static byte[][] Coco() =>
        [
            Text(
                """
                {"images":[{"id":1,"file_name":"a.png","height":6,"width":8}],
                "categories":[{"id":5,"name":"ball"},{"id":9,"name":"traffic light"}],
                "annotations":[{"id":1,"image_id":1,"category_id":5,"segmentation":[[1,1,5,1,5,4,1,4],[0,5,1.5,5,1,6]]},
                {"id":2,"image_id":1,"category_id":9,"segmentation":{"size":[6,8],"counts":[37,2,4,2,3]}},
                {"id":3,"image_id":1,"category_id":9,"segmentation":{"size":[6,8],"counts":"U1240O"}}]}
                """
            ),
        ];

    public static byte[][] Labelme()
    {
        using var patch = new Mat(2, 2, MatType.CV_8UC1, Scalar.All(255));
        Cv2.ImEncode(".png", patch, out byte[] png);
        return
        [
            Text(
                $$"""
                {"imagePath":"..\\x\\a.png","imageHeight":6,"imageWidth":8,"imageData":null,"shapes":[
                {"label":"ball","points":[[0,0],[3,2]],"shape_type":"rectangle"},
                {"label":"c","points":[[4,1],[5,2]],"shape_type":"mask","mask":"{{Convert.ToBase64String(png)}}"},
                {"label":"ball","points":[[4,4],[8,4],[8,6]],"shape_type":"polygon"},
                {"label":"c","points":[[2.5,4.5],[2.5,5.6]],"shape_type":"circle"}]}
                """
            ),
        ];
    }

    public static byte[][] Cvat() =>
        [
            Text(
                """
                <?xml version="1.0" encoding="utf-8"?><annotations><meta><labels><label><name>b</name><color>#0a141e</color>
                </label></labels></meta><image id="0" name="x/a.png" width="8" height="6"><tag label="t"></tag>
                <mask label="c" rle="1, 2, 1" left="2" top="1" width="2" height="2" z_order="1"></mask>
                <box label="b" xtl="1.0" ytl="0.0" xbr="4.0" ybr="3.0" rotation="10"></box>
                <ellipse label="b" cx="4" cy="3" rx="2" ry="1"></ellipse>
                <polygon label="c" points="5.0,3.0;8.0,3.0;8.0,5.0"></polygon></image></annotations>
                """
            ),
        ];

    public static byte[][] LabelStudio() =>
        [
            Text(
                """
                [{"id":7,"data":{"image":"/data/upload/1/1a2b3c4d-a.png"},"annotations":[{"was_cancelled":false,"result":[
                {"type":"brushlabels","original_width":8,"original_height":6,"image_rotation":0,
                "value":{"format":"rle","rle":[0,0,0,192,59,103,254,32,255,128],"brushlabels":["c"]}},
                {"type":"polygonlabels","original_width":8,"original_height":6,
                "value":{"points":[[50,50],[100,50],[100,100]],"polygonlabels":["b"]}},
                {"type":"rectanglelabels","original_width":8,"original_height":6,
                "value":{"x":0,"y":50,"width":25,"height":50,"rotation":0,"rectanglelabels":["c"]}}]}]}]
                """
            ),
        ];

    /// <summary>Imports, masks and all: whatever is not written has been refused.</summary>
    public static Action<byte[]> Import(ILabelFormat format) =>
        bytes =>
        {
            string pictures = Path.Combine(Folder, "pictures");
            string picture = Path.Combine(pictures, "a.png");
            if (!File.Exists(picture))
            {
                Directory.CreateDirectory(pictures);
                using var mat = new Mat(Height, Width, MatType.CV_8UC3, Scalar.All(9));
                mat.SaveImage(picture);
            }

            string output = Path.Combine(Folder, "out");
            string input = Path.Combine(Folder, "export");
            File.WriteAllBytes(input, bytes);
            try
            {
                new LabelImport(format, input, pictures, output).Run();
            }
            finally
            {
                if (Directory.Exists(output))
                {
                    Directory.Delete(output, recursive: true);
                }
            }
        };

    public static bool IsDocumented(Exception exception) => exception is UserException;

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
