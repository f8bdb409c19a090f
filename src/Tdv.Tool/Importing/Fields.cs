using System.Text.Json;
using System.Text.Unicode;
using OpenCvSharp;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Importing;

/// <summary>Values of JSON that somebody else wrote, with errors that name what is missing.</summary>
internal static class Fields
{
    private const long MostBytes = 1 << 30;

    /// <exception cref="UserException">It is missing, too large or no JSON.</exception>
    public static JsonDocument Open(string path)
    {
        RequireFile(path);

        try
        {
            var bytes = File.ReadAllBytes(path).AsMemory().TrimStart("\uFEFF"u8.ToArray());
            RequireText(bytes.Span);
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException exception)
        {
            throw new UserException($"The export '{path}' is no JSON: {exception.Message}", exception);
        }
    }

    /// <summary>What is no text, JSON's own reader finds only when it is asked for it, and in another exception.</summary>
    /// <exception cref="JsonException">It is none, or holds some that is none.</exception>
    private static void RequireText(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new JsonException("It is not UTF-8 text.");
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true })
            {
                try
                {
                    _ = reader.GetString();
                }
                catch (InvalidOperationException exception)
                {
                    throw new JsonException(
                        $"Behind byte {reader.TokenStartIndex} stands half a character (\\uD800 to \\uDFFF).",
                        exception
                    );
                }
            }
        }
    }

    /// <exception cref="UserException">The export is missing, too large or no plain file.</exception>
    public static void RequireFile(string path)
    {
        if (PlainFile.Fault(path, MostBytes) is { } fault)
        {
            throw new UserException($"The export {Shown.Name(path)} {fault}.");
        }
    }

    public static JsonElement? Optional(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static JsonElement Need(this JsonElement element, string name, JsonValueKind kind)
    {
        var value = element.Optional(name) ?? throw new FormatException($"'{name}' is missing");
        return value.ValueKind == kind
            ? value
            : throw new FormatException($"'{name}' is {value.ValueKind}; {kind} is expected");
    }

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Need(name, JsonValueKind.Array).EnumerateArray();

    public static string Text(this JsonElement element, string name) =>
        element.Need(name, JsonValueKind.String).GetString()!;

    public static int Whole(this JsonElement element, string name) =>
        ToWhole(element.Need(name, JsonValueKind.Number), name);

    public static long Id(this JsonElement element, string name) =>
        element.Need(name, JsonValueKind.Number).TryGetInt64(out long value)
            ? value
            : throw new FormatException($"'{name}' is no whole number");

    public static double Number(this JsonElement element, string name) =>
        element.Need(name, JsonValueKind.Number).GetDouble();

    public static double Number(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number
            ? element.GetDouble()
            : throw new FormatException($"{element.ValueKind} stands where a number is expected");

    /// <summary>Points of x and y, as <c>[[x, y], …]</c>.</summary>
    public static Point2d[] Points(this JsonElement element, string name) =>
        [
            .. element
                .Items(name)
                .Select(point =>
                    point.ValueKind == JsonValueKind.Array && point.GetArrayLength() == 2
                        ? new Point2d(point[0].Number(), point[1].Number())
                        : throw new FormatException($"'{name}' holds what is no point of x and y")
                ),
        ];

    /// <summary>Reads each item; what is wrong with one is told with its place, and the others go on.</summary>
    public static void Each(
        IEnumerable<JsonElement> items,
        Func<JsonElement, int, string> place,
        List<string> faults,
        Action<JsonElement> read
    )
    {
        int index = 0;
        foreach (var item in items)
        {
            try
            {
                read(item);
            }
            catch (FormatException exception)
            {
                faults.Add($"{place(item, index)}: {exception.Message}.");
            }

            index++;
        }
    }

    private static int ToWhole(JsonElement element, string name) =>
        element.TryGetInt32(out int value) ? value
        : element.GetDouble() is var number && number == Math.Round(number) && Math.Abs(number) < int.MaxValue
            ? (int)number
        : throw new FormatException($"'{name}' is no whole number");
}
