using System.Globalization;
using Tdv.Tool.Painting;
using Tdv.Tool.Seeing;

namespace Tdv.Tool.Reporting;

/// <summary>What the network sees in a few frames of a video.</summary>
internal static class PictureSection
{
    private const int PanelWidth = 320;

    public static Html Of(SeenClip clip, string video) =>
        Html.Of(
            $"""
            <div class="card"><p>{Path.GetFileName(video)}{Gain(clip)}</p>
            <table class="strip"><thead><tr><th scope="col">Time</th>{clip.Painter.Panels.Select(Header)}</tr></thead>
            <tbody>{clip.Frames.Select(frame => Row(clip.Painter, frame))}</tbody></table>
            <dl class="meanings">{clip.Painter.Panels.Skip(1).Select(Meaning)}</dl></div>
            """
        );

    /// <param name="reason">Why there are none, and how to get them.</param>
    public static Html Missing(string reason) => Html.Of($"""<p class="missing">{reason}</p>""");

    private static string Gain(SeenClip clip) =>
        clip.Painter.Panels.Contains(Panel.Error)
            ? $": prediction gain {Figure.Gain(clip.Painter.PredictionGain(clip.Frames))} in these frames"
            : "";

    private static Html Header(Panel panel) => Html.Of($"""<th scope="col">{panel.Title}</th>""");

    private static Html Meaning(Panel panel) => Html.Of($"<div><dt>{panel.Title}</dt><dd>{panel.Meaning}</dd></div>");

    private static Html Row(SeenPainter painter, SeenFrame frame) =>
        Html.Of(
            $"""<tr><th scope="row">{frame.Time:F1} s</th>{painter.Panels.Select(panel => Cell(painter, frame, panel))}</tr>"""
        );

    private static Html Cell(SeenPainter painter, SeenFrame frame, Panel panel)
    {
        using var painted = painter.Paint(frame, panel);
        using var picture = Pictures.ToMat(painted);
        return Html.Of(
            $"""<td data-title="{panel.Title}">{EmbeddedPicture.Of(picture, PanelWidth, $"{panel.Title} at {Seconds(frame)} seconds")}</td>"""
        );
    }

    private static string Seconds(SeenFrame frame) => frame.Time.ToString("F1", CultureInfo.InvariantCulture);
}
