using System.Text.Json;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Motion;

/// <summary>What cells are matched, where, and what comes of it. Part of saved models.</summary>
/// <param name="AlongRow">To the left along the row, as disparity; else around the cell, as flow.</param>
/// <param name="Reach">Cells.</param>
internal sealed record MatchSettings(
    string OutputColumn,
    string? ValidColumn,
    string FromColumn,
    string ToColumn,
    bool AlongRow,
    int Reach,
    int Neighborhood,
    float Temperature,
    int Smoothing,
    float CellHeight,
    float CellWidth,
    float Tolerance,
    int Aggregation = 0,
    float DistancePenalty = 0
)
{
    private const int MaxReach = 1024;
    private const int MaxNeighborhood = 16;

    public string Step => AlongRow ? "EstimateDisparity" : "EstimateFlow";

    public static MatchSettings Of(string output, string from, string to, FlowEstimationOptions options) =>
        new(
            output,
            options.ValidColumnName,
            from,
            to,
            false,
            options.Radius,
            options.Neighborhood,
            options.Temperature,
            options.Smoothing,
            options.CellHeight,
            options.CellWidth,
            options.Tolerance,
            options.Aggregation,
            options.DistancePenalty
        );

    public static MatchSettings Of(string output, string left, string right, DisparityEstimationOptions options) =>
        new(
            output,
            options.ValidColumnName,
            left,
            right,
            true,
            options.MaxDisparity,
            options.Neighborhood,
            options.Temperature,
            options.Smoothing,
            1,
            options.CellWidth,
            options.Tolerance,
            options.Aggregation
        );

    /// <exception cref="InvalidDataException">The text is damaged.</exception>
    public static MatchSettings Parse(string json)
    {
        string fault;
        try
        {
            var settings = JsonSerializer.Deserialize<MatchSettings>(json) ?? throw new JsonException("It is null.");
            var faults = new Faults();
            settings.Check(faults);
            faults.ThrowIfAny($"{settings.Step}:");
            return settings;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            fault = exception.Message;
        }

        throw new InvalidDataException(
            $"The saved model's step EstimateFlow or EstimateDisparity is damaged. {fault} Save the model again."
        );
    }

    public void Check(Faults faults)
    {
        faults.Check(!string.IsNullOrWhiteSpace(OutputColumn), "outputColumnName is empty.");
        faults.Check(
            !string.IsNullOrWhiteSpace(FromColumn) && !string.IsNullOrWhiteSpace(ToColumn),
            "the name of a feature column is empty."
        );
        faults.Check(
            ValidColumn is null || (!string.IsNullOrWhiteSpace(ValidColumn) && ValidColumn != OutputColumn),
            "ValidColumnName is empty or that of the output; null is for none."
        );
        InRange(AlongRow ? "MaxDisparity" : "Radius", Reach, 1, MaxReach);
        InRange("Neighborhood", Neighborhood, 0, MaxNeighborhood);
        InRange("Smoothing", Smoothing, 0, MaxNeighborhood);
        InRange("Aggregation", Aggregation, 0, MaxNeighborhood);
        Above0("Temperature", Temperature);
        Above0("CellHeight", CellHeight);
        Above0("CellWidth", CellWidth);
        AtLeast0("Tolerance", Tolerance);
        AtLeast0("DistancePenalty", DistancePenalty);

        void InRange(string name, int value, int least, int most) =>
            faults.Check(
                value >= least && value <= most,
                FormattableString.Invariant($"{name} is {value}; it must be from {least} to {most}.")
            );

        void AtLeast0(string name, float value) =>
            faults.Check(
                value >= 0 && float.IsFinite(value),
                FormattableString.Invariant($"{name} is {value}; it must be at least 0.")
            );

        void Above0(string name, float value) =>
            faults.Check(
                value > 0 && float.IsFinite(value),
                FormattableString.Invariant($"{name} is {value}; it must be above 0.")
            );
    }

    /// <summary>Where cells are sought: no further than the grid goes.</summary>
    public CorrelationWindow Window(int rows, int columns)
    {
        var (y, x) = (Math.Min(Reach, rows - 1), Math.Min(Reach, columns - 1));
        return AlongRow ? new(0, 0, x, 0) : new(y, y, x, x);
    }
}
