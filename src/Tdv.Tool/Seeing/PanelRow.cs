using OpenCvSharp;
using Tdv.Tool.Painting;

namespace Tdv.Tool.Seeing;

/// <summary>Pictures of a frame side by side, with titles.</summary>
internal static class PanelRow
{
    /// <summary>Smaller frames are enlarged to be looked at, larger ones shrunk.</summary>
    private const int PanelWidth = 320;

    public static Mat Draw(SeenPainter painter, SeenFrame frame, IEnumerable<Panel> panels)
    {
        var parts = new List<Mat>();
        try
        {
            foreach (var panel in panels)
            {
                if (parts.Count > 0)
                {
                    parts.Add(Pictures.Gap(parts[0].Height));
                }

                parts.Add(Titled(painter, frame, panel));
            }

            var row = new Mat();
            Cv2.HConcat(parts, row);
            return row;
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }
    }

    private static Mat Titled(SeenPainter painter, SeenFrame frame, Panel panel)
    {
        using var image = painter.Paint(frame, panel);
        using var plain = Pictures.ToMat(image);
        // Even numbers of pixels, as videos want them.
        int height = (int)Math.Round(PanelWidth / 2.0 * plain.Height / plain.Width) * 2;
        using var sized = new Mat();
        Cv2.Resize(plain, sized, new Size(PanelWidth, height), 0, 0, InterpolationFlags.Area);
        return Pictures.Titled(sized, panel.Title);
    }
}
