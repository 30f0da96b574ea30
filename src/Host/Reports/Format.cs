using System.Globalization;
using System.Text;
using Amoe.Engine.Explaining;
using Amoe.Simulator;
using Amoe.Simulator.Assertions;

namespace Amoe.Host.Reports;

/// <summary>How figures and names are written for a person.</summary>
internal static class Format
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Dirhams(long centimes) => Amount(centimes) + " MAD";

    /// <summary>Dirhams, where a title says so.</summary>
    public static string Amount(long centimes) => Fixed(centimes / 100m, 2);

    public static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A decimal size: powers of a thousand.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} B",
        < 10_000_000 => $"{Fixed(bytes / 1e3m, 1)} kB",
        < 10_000_000_000 => $"{Fixed(bytes / 1e6m, 1)} MB",
        _ => $"{Fixed(bytes / 1e9m, 1)} GB",
    };

    public static string Ms(decimal ms) => $"{Fixed(ms, ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms";

    public static string Fixed(decimal value, int decimals) =>
        value.ToString("N" + decimals, CultureInfo.InvariantCulture);

    /// <summary>A part as a percentage of the whole; a dash where there is no whole.</summary>
    public static string Share(long part, long whole) => whole == 0 ? "-" : $"{Fixed(part * 100m / whole, 1)} %";

    /// <summary>A count, or the percentage a share is.</summary>
    public static string Figure(MarginalCheck marginal, decimal value) =>
        marginal.Unit == MarginalCheck.Count
            ? Count((long)Math.Round(value))
            : $"{Fixed(value * 100m / Draws.Whole, 3)} %";

    public static string Duration(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(long)time.TotalHours} h {time.Minutes:00} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds:00} s"
        : $"{time.Seconds} s";

    public static string Digest(ulong digest) => digest.ToString("x16", CultureInfo.InvariantCulture);

    public static string Scale(int thousandths) =>
        (thousandths / 1000m).ToString("0.###", CultureInfo.InvariantCulture);

    public static decimal Seconds(TimeSpan time) => Math.Round((decimal)time.Ticks / TimeSpan.TicksPerSecond, 3);

    /// <summary>So many in a second; the time is never nothing.</summary>
    public static decimal PerSecond(long count, TimeSpan time) =>
        count * (decimal)TimeSpan.TicksPerSecond / Math.Max(1, time.Ticks);

    /// <summary>Words for a name in snake_case.</summary>
    public static string Words(string snake) => snake.Replace('_', ' ');

    /// <summary>Words for a name in PascalCase.</summary>
    public static string WordsOf(string pascal)
    {
        var words = new StringBuilder(pascal.Length + 8);
        foreach (var letter in pascal)
        {
            if (char.IsUpper(letter) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }

    /// <summary>A sentence of <see cref="ReportWords"/> in English, its values as the report writes them.</summary>
    public static string Message(Message message) => string.Concat(
        ReportWords.Pieces(ReportWords.Of(Language.En, message.Key)).Select(piece =>
            piece.IsValue ? Value(message.ValueOf(piece.Text)) : piece.Text));

    private static string Value(Argument value) => value switch
    {
        Count count => Count(count.Number),
        Money money => Dirhams(money.Centimes),
        Percent percent => $"{Fixed(percent.BasisPoints / 100m, 1)} %",
        Rounded rounded => Fixed(rounded.Value, rounded.Decimals),
        On on => Date(on.Day),
        Phrase phrase => Message(phrase.Message),
        _ => throw new InvalidOperationException($"{value.GetType().Name} is in no sentence of the report"),
    };

    /// <summary>An argument as a shell takes it.</summary>
    public static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./,:@%+=".Contains(c))
            ? argument
            : $"'{argument.Replace("'", "'\\''")}'";
}
