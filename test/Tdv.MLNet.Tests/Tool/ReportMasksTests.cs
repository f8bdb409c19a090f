using System.Text.RegularExpressions;
using OpenCvSharp;
using Tdv.Tool.Reporting;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public sealed class ReportMasksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Six_overlays_are_chosen_evenly_and_shrunk()
    {
        for (int i = 0; i < 12; i++)
        {
            Write($"{i:D2}", width: 1920, height: 600);
        }

        string page = Report();

        Assert.Equal(
            ["00", "02", "04", "06", "08", "10"],
            Regex
                .Matches(page, "alt=\"Frame, truth and prediction of (..)\" width=\"960\" height=\"300\"")
                .Select(match => match.Groups[1].Value)
        );
        Assert.Contains("<p>6 of 12 overlays", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#masks\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Small_ones_stay_as_they_are_and_damaged_ones_are_left_out()
    {
        Write("good", width: 200, height: 50);
        File.WriteAllText(_folder["overlays/bad.png"], "no picture");

        string page = Report();

        Assert.Single(Regex.Matches(page, "<img "));
        Assert.Contains("width=\"200\" height=\"50\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_overlays_there_is_no_such_part() =>
        Assert.DoesNotContain("masks\"", Report(), StringComparison.Ordinal);

    private string Report()
    {
        new RunReport(_folder.FullName, video: null).Write(_folder["page.html"]);
        return File.ReadAllText(_folder["page.html"]);
    }

    private void Write(string name, int width, int height)
    {
        Directory.CreateDirectory(_folder["overlays"]);
        using var picture = new Mat(height, width, MatType.CV_8UC3, new Scalar(40, 90, 160));
        Assert.True(Cv2.ImWrite(_folder[$"overlays/{name}.png"], picture));
    }
}
