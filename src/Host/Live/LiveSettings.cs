using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amoe.Host.Access;
using Amoe.Host.Api.Streams;
using Microsoft.Extensions.Configuration;

namespace Amoe.Host.Live;

/// <summary>
/// The settings of a live host that no option has, in .NET's order: <c>appsettings.json</c> in the working directory,
/// then the environment (<c>AMOE_Jwt__Audience</c>). All are checked before the host starts.
/// </summary>
internal sealed record LiveSettings
{
    private const string FileName = "appsettings.json";
    private const string Prefix = "AMOE_";

    /// <summary>The settings by their names; docs/api.md says what each is.</summary>
    private static readonly Dictionary<string, Func<LiveSettings, string, LiveSettings>> _known = new(
        StringComparer.OrdinalIgnoreCase)
    {
        ["Https:Certificate"] = (settings, value) => settings with { Certificate = value },
        ["Jwt:Audience"] = (settings, value) => settings with { Audience = value },
        ["Jwt:Authority"] = (settings, value) => settings with { Authority = value },
        ["Jwt:SigningKeyFile"] = (settings, value) => settings with { SigningKeyFile = value },
        ["Jwt:Issuer"] = (settings, value) => settings with { Issuer = value },
        ["Limits:RequestBurst"] = (settings, value) =>
            settings with { Limits = settings.Limits with { RequestBurst = Whole(value) } },
        ["Limits:RequestsPerSecond"] = (settings, value) =>
            settings with { Limits = settings.Limits with { RequestsPerSecond = Whole(value) } },
        [AnswersAtLimitException.LimitSetting] = (settings, value) =>
            settings with { Limits = settings.Limits with { AnswerMegabytes = Whole(value) } },
    };

    /// <summary>
    /// The file of the certificate and private key of HTTPS, in PEM; null where the host speaks HTTP.
    /// </summary>
    public string? Certificate { get; private init; }

    /// <summary>The names of those that are set.</summary>
    public IReadOnlyList<string> Names { get; private init; } = [];

    private string? Audience { get; init; }

    private string? Authority { get; init; }

    private string? SigningKeyFile { get; init; }

    private string? Issuer { get; init; }

    private AccessLimits Limits { get; init; } = new();

    /// <summary>Bytes of answers of all streams.</summary>
    public long AnswerBytesMax => Limits.AnswerMegabytes * 1_000_000L;

    /// <summary>How callers prove who they are, and how much they may ask.</summary>
    public AccessSettings Access =>
        new()
        {
            Limits = Limits,
            Jwt = HasTokens
                ? new JwtSettings
                {
                    Audience = Audience ?? "",
                    Authority = Authority,
                    SigningKeyFile = SigningKeyFile,
                    Issuer = Issuer
                }
                : null
        };

    private bool HasTokens => (Audience ?? Authority ?? SigningKeyFile ?? Issuer) is not null;

    /// <summary>Reads the file in a folder, where there is one, and the environment.</summary>
    /// <exception cref="InputException">A setting is not known, or its value is of no use.</exception>
    public static LiveSettings Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        var settings = new LiveSettings();
        foreach (var (name, value) in Values(file).Concat(OfEnvironment()))
        {
            if (!_known.TryGetValue(name.Key, out var set))
                throw new InputException(
                    $"{name.Place}: '{name.Key}' is not a setting. Settings are {string.Join(", ", _known.Keys)}.");
            try
            {
                settings = set(settings, value) with { Names = [.. settings.Names, name.Key] };
            }
            catch (FormatException)
            {
                throw new InputException(
                    $"{name.Place}: {name.Key} is '{value}', and a whole number from 1 is wanted.");
            }
        }

        settings.Limits.Validate();
        settings.Access.Jwt?.Validate();
        return settings;
    }

    /// <summary>The certificate with its key; null where there is none.</summary>
    /// <exception cref="InputException">The file cannot be used, or the certificate is not valid today.</exception>
    public X509Certificate2? LoadCertificate(TimeProvider time)
    {
        if (Certificate is not { } file)
            return null;
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(file);
            if (time.GetUtcNow().UtcDateTime is var now && now >= certificate.NotBefore.ToUniversalTime()
                && now <= certificate.NotAfter.ToUniversalTime())
                return certificate;
            using (certificate)
                throw new InputException(
                    $"{file}: the certificate of HTTPS is valid from {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}, and no caller takes it today. Renew it, or set the clock of this machine.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InputException(
                $"{file}: the certificate of HTTPS cannot be used ({e.Message.TrimEnd('.')}). It is a certificate and its private key in one PEM file.");
        }
    }

    private static List<((string Place, string Key) Name, string Value)> Values(string file)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(file), optional: true, reloadOnChange: false)
                .Build();
            return [.. Leaves(configuration, file)];
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new InputException(
                $"{file}: it is no JSON of settings ({(e.InnerException ?? e).Message.TrimEnd('.')}).");
        }
    }

    /// <summary>Variables whose names have sections: others with the prefix are options' defaults.</summary>
    private static IEnumerable<((string Place, string Key) Name, string Value)> OfEnvironment() =>
        Leaves(new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build(), "the environment")
            .Where(setting => setting.Name.Key.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal));

    private static IEnumerable<((string Place, string Key) Name, string Value)> Leaves(
        IConfiguration configuration, string place) =>
        configuration.AsEnumerable()
            .Where(setting => setting.Value is not null)
            .Select(setting => ((place, setting.Key), setting.Value!));

    private static int Whole(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
}
