using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Text;
using Amoe.Host.Reports;
using Amoe.Host.Running;
using Amoe.Simulator.Running;

namespace Amoe.Host.Verbs;

/// <summary>How a result is written.</summary>
internal enum OutputFormat
{
    Text,
    Json,
}

/// <summary>
/// The options more than one verb has. Each says in one line what it wants when it gets something else.
/// </summary>
internal static class Options
{
    private const int ThreadsMax = 256;
    private const int HostsMax = 64;

    /// <summary>
    /// Each has a mailbox, a write in flight and its calendar: some thousands are a load by themselves.
    /// </summary>
    private const int PartitionsMax = 1_024;

    public static Option<OutputFormat> Output() =>
        Format("--output", "How the result is written; text unless json is asked for.", "-o");

    /// <summary>Text or JSON.</summary>
    /// <param name="shortName">A second name; null where there is one alone.</param>
    public static Option<OutputFormat> Format(string name, string description, string? shortName = null) =>
        new Option<OutputFormat>(name, shortName is null ? [] : [shortName])
        {
            Description = description,
            HelpName = "text|json",
            CustomParser = result => Parse(result, $"{shortName ?? name} is text or json", (
                string text, out OutputFormat format) =>
            {
                format = text == "json" ? OutputFormat.Json : OutputFormat.Text;
                return text is "json" or "text";
            }),
        }.Offering(() => SnakeCase<OutputFormat>.Names);

    /// <summary>The variable that names the journal where <c>--journal</c> does not.</summary>
    public const string JournalVariable = "AMOE_JOURNAL";

    /// <summary>A journal that is there, named by the option or by <see cref="JournalVariable"/>.</summary>
    public static Option<JournalAddress> Journal()
    {
        var option = JournalToKeep(
            $"The journal: a file, or postgres://user@host:port/database. Left out, it is the one that {JournalVariable} names.");
        if (Environment.GetEnvironmentVariable(JournalVariable) is { Length: > 0 } named)
            option.DefaultValueFactory = _ => JournalAddress.Parse(named);
        else
            option.Required = true;
        return option;
    }

    /// <summary>A journal, only if the option names one.</summary>
    public static Option<JournalAddress> JournalToKeep(string description) =>
        Address("--journal", description, "FILE|URL");

    /// <summary>A file, or a database by its address.</summary>
    public static Option<JournalAddress> Address(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            if (File(result) is not { Length: > 0 } text)
                return null;
            try
            {
                return JournalAddress.Parse(text);
            }
            catch (JournalException e)
            {
                result.AddError(e.Message);
                return null;
            }
        },
    };

    public static Option<string> Rules() => new Option<string>("--rules")
    {
        Description = $"The rulebook: {RulebookPlace.Kinds}.",
        HelpName = "NAME|FILE",
        CustomParser = File,
    }.Offering(() => ShippedRulebooks.Names);

    /// <summary>A day, as yyyy-MM-dd.</summary>
    public static Option<DateOnly?> Date(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DATE",
        CustomParser = result => Parse(result, $"{name} is a date that exists, as yyyy-MM-dd", (
            string text, out DateOnly? date) =>
        {
            var isDate = DateOnly.TryParseExact(
                text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed);
            date = parsed;
            return isDate;
        }),
    };

    public static Option<ulong> Seed() => new("--seed")
    {
        Description = "Where every draw comes from: the same seed, the same year.",
        HelpName = "N",
        DefaultValueFactory = _ => 42,
        CustomParser = result =>
            Parse<ulong>(result, $"--seed is a whole number from 0 to {ulong.MaxValue}", TryParseWhole),
    };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads that decide; the results are the same for any number.",
        HelpName = "N",
        DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, ThreadsMax),
        CustomParser = result => Parse(result, $"--threads is a whole number from 1 to {ThreadsMax}", (
            string text, out int threads) =>
            TryParseWhole(text, out threads) && threads is >= 1 and <= ThreadsMax),
    };

    public static Option<decimal> Scale() => new("--scale")
    {
        Description = "The nation's size, from 0.001 to 20 with at most three decimals.",
        HelpName = "X",
        DefaultValueFactory = _ => 1,
        CustomParser = result =>
            Parse<decimal>(result, "--scale is a number from 0.001 to 20 with at most three decimals", TryParseScale),
    };

    /// <summary>A whole number from <paramref name="min"/> on.</summary>
    public static Option<T?> Whole<T>(string name, string description, T min)
        where T : struct, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T> => new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => Parse(result, $"{name} is a whole number from {min} to {T.MaxValue}", (
                string text, out T? value) =>
            {
                var isWhole = TryParseWhole(text, out T parsed) && parsed >= min;
                value = parsed;
                return isWhole;
            }),
        };

    public static Option<Language> Lang() => new Option<Language>("--lang")
    {
        Description = "The language; English unless another is asked for.",
        HelpName = "fr|ar|en",
        CustomParser = result => Parse<Language>(result, "--lang is fr, ar or en", Languages.TryParse),
    }.Offering(() => SnakeCase<Language>.Names);

    /// <summary>Where other hosts and senders reach a host; port 0 for any that is free.</summary>
    public static Option<IPEndPoint?> Listen() => new("--listen")
    {
        Description = "Where other hosts and senders reach this one; port 0 for any that is free.",
        HelpName = "ADDRESS:PORT",
        CustomParser = result => ParseEndPoint(result, "--listen"),
    };

    /// <summary>Where a host is reached over HTTP.</summary>
    public static Option<IPEndPoint?> Http() => new("--http")
    {
        Description =
            "Where it is reached over HTTP. [default: 127.0.0.1:5100; a host of a cluster any free port on loopback]",
        HelpName = "ADDRESS:PORT",
        CustomParser = result => ParseEndPoint(result, "--http"),
    };

    /// <summary>The name and port by which other hosts reach this one.</summary>
    public static Option<DnsEndPoint?> Advertise() => new("--advertise")
    {
        Description = "The name and port by which others reach this host; where it listens unless named.",
        HelpName = "HOST:PORT",
        CustomParser = result => Parse(result, "--advertise wants a host and a port, as 10.0.0.7:5101", (
            string text, out DnsEndPoint? endPoint) =>
        {
            var colon = text.LastIndexOf(':');
            var isEndPoint = colon > 0
                && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port is > 0 and < 65536
                && Uri.CheckHostName(text[..colon]) != UriHostNameType.Unknown;
            endPoint = isEndPoint
                ? new DnsEndPoint(text[..colon], int.Parse(text[(colon + 1)..], CultureInfo.InvariantCulture))
                : null;
            return isEndPoint;
        }),
    };

    private static Option<string?> Pem(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE", CustomParser = File };

    /// <summary>The two files of mutual TLS.</summary>
    /// <param name="own">Whose certificate the first one is.</param>
    /// <param name="others">Who else has one of the same authority.</param>
    public static (Option<string?> Certificate, Option<string?> Authority) Tls(string own, string others) => (
        Pem("--tls-certificate", $"{own} certificate and its private key, in PEM."),
        Pem("--tls-authority", $"The certificate of the authority that issued those of all {others}, in PEM."));

    /// <exception cref="UsageException">Only one of the two is named.</exception>
    public static MutualTls? TlsOf(string? certificate, string? authority) => (certificate, authority) switch
    {
        ({ } own, { } issuer) => new MutualTls(own, issuer),
        (null, null) => null,
        _ => throw new UsageException("--tls-certificate and --tls-authority go together: name both."),
    };

    /// <summary>How many hosts to start.</summary>
    public static Option<int?> Hosts() =>
        Between("--hosts", "Have so many host processes on this machine decide it. [default: this process]", HostsMax);

    public static Option<int?> Partitions() => Between(
        "--partitions",
        $"Partitions of students of a new journal, fixed from then on. [default: {PartitionCounts.Embedded.Students} in a file, {PartitionCounts.InDatabase.Students} in a database]",
        PartitionsMax);

    public static Option<int?> Seeds() => Between(
        "--seeds", "Play the year with so many seeds, from --seed on, and give means and intervals.",
        Interval.RunsMax, Interval.RunsMin);

    private static Option<int?> Between(string name, string description, int most, int least = 1) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse(result, $"{name} is a whole number from {least} to {most}", (
            string text, out int? count) =>
        {
            var isWhole = TryParseWhole(text, out int parsed) && parsed >= least && parsed <= most;
            count = parsed;
            return isWhole;
        }),
    };

    /// <summary>The folder to which a year's commands are written.</summary>
    public static Option<string?> Emit() => new("--emit")
    {
        Description = "Also write every command, as JSON a host takes, to stream.ndjson in this folder.",
        HelpName = "DIR",
        CustomParser = result => Parse(result, "--emit wants a folder's name", (string text, out string? value) =>
        {
            value = text;
            return text.Trim().Length > 0;
        }),
    };

    /// <summary>The page to which a year's report is written.</summary>
    public static Option<string?> Report() => new("--report")
    {
        Description = "Also write the report as a page with charts, for a browser: French, Arabic, English.",
        HelpName = "FILE",
        CustomParser = File,
    };

    /// <summary>A file's name that is not empty.</summary>
    public static string? File(ArgumentResult result) =>
        Parse(result, $"{(result.Parent as OptionResult)?.IdentifierToken?.Value} wants a file's name", (
            string text, out string value) =>
        {
            value = text;
            return text.Trim().Length > 0;
        });

    private delegate bool TryParse<T>(string text, out T value);

    private static IPEndPoint? ParseEndPoint(ArgumentResult result, string name) =>
        Parse(result, $"{name} wants an address of this machine and a port, as 127.0.0.1:5100", (
            string text, out IPEndPoint endPoint) =>
        {
            const string Localhost = "localhost:";
            var spelt = text.StartsWith(Localhost, StringComparison.Ordinal)
                ? $"{IPAddress.Loopback}:{text[Localhost.Length..]}"
                : text;
            var isEndPoint = IPEndPoint.TryParse(spelt, out var parsed)
                && (spelt.EndsWith($":{parsed.Port}", StringComparison.Ordinal));
            endPoint = parsed!;
            return isEndPoint;
        });

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

    private static bool TryParseScale(string text, out decimal scale) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out scale)
        && scale is >= SimulationRequest.ScaleThousandthsMin / 1000m
            and <= SimulationRequest.ScaleThousandthsMax / 1000m
        && decimal.Truncate(scale * 1000) == scale * 1000;
}
