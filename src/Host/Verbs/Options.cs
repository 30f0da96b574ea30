using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Amoe.Simulator.Running;

namespace Amoe.Host.Verbs;

/// <summary>How a result is written.</summary>
internal enum OutputFormat
{
    Text,
    Json,
}

/// <summary>The options more than one verb has. Each says in one line what it wants when it gets something else.</summary>
internal static class Options
{
    private const int ThreadsMax = 256;

    public static Option<OutputFormat> Output() => new("--output", "-o")
    {
        Description = "How the result is written: text or json.",
        HelpName = "text|json",
        DefaultValueFactory = _ => OutputFormat.Text,
        CustomParser = result => Parse(result, "-o is text or json", (string text, out OutputFormat format) =>
        {
            format = text == "json" ? OutputFormat.Json : OutputFormat.Text;
            return text is "json" or "text";
        }),
    };

    public static Option<string> Journal() => new("--journal")
    {
        Description = "The journal's file.",
        HelpName = "FILE",
        Required = true,
        CustomParser = File,
    };

    public static Option<ulong> Seed() => new("--seed")
    {
        Description = "Where every draw comes from: the same seed, the same year. [default: 42]",
        HelpName = "N",
        DefaultValueFactory = _ => 42,
        CustomParser = result => Parse<ulong>(result, $"--seed is a whole number from 0 to {ulong.MaxValue}", TryParseWhole),
    };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads that decide; results are the same for any number. [default: one for each processor]",
        HelpName = "N",
        DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, ThreadsMax),
        CustomParser = result => Parse(result, $"--threads is a whole number from 1 to {ThreadsMax}", (string text, out int threads) =>
            TryParseWhole(text, out threads) && threads is >= 1 and <= ThreadsMax),
    };

    /// <summary>In thousandths.</summary>
    public static Option<int> Scale() => new("--scale")
    {
        Description = "The nation's size, from 0.001 to 20 with at most three decimals. [default: 1]",
        HelpName = "X",
        DefaultValueFactory = _ => 1000,
        CustomParser = result => Parse<int>(result, "--scale is a number from 0.001 to 20 with at most three decimals", TryParseScale),
    };

    /// <summary>A whole number from <paramref name="min"/> on.</summary>
    public static Option<T?> Whole<T>(string name, string description, T min)
        where T : struct, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T> => new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => Parse(result, $"{name} is a whole number from {min} to {T.MaxValue}", (string text, out T? value) =>
            {
                var isWhole = TryParseWhole(text, out T parsed) && parsed >= min;
                value = parsed;
                return isWhole;
            }),
        };

    /// <summary>A file's name that is not empty.</summary>
    public static string? File(ArgumentResult result) =>
        Parse(result, $"{(result.Parent as OptionResult)?.IdentifierToken?.Value} wants a file's name", (string text, out string value) =>
        {
            value = text;
            return text.Trim().Length > 0;
        });

    private delegate bool TryParse<T>(string text, out T value);

    private static T? Parse<T>(ArgumentResult result, string wanted, TryParse<T> tryParse)
    {
        var text = result.Tokens[0].Value;
        if (tryParse(text, out var value))
            return value;
        result.AddError($"{wanted}, not '{text}'");
        return default;
    }

    private static bool TryParseWhole<T>(string text, out T value)
        where T : struct, System.Numerics.IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool TryParseScale(string text, out int thousandths)
    {
        thousandths = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var scale) || scale is <= 0 or > 1000)
            return false;
        thousandths = (int)(scale * 1000);
        return thousandths == scale * 1000 && thousandths is >= SimulationRequest.ScaleThousandthsMin and <= SimulationRequest.ScaleThousandthsMax;
    }
}
