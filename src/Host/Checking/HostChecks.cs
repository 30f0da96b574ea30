using System.Net;
using System.Security.Cryptography.X509Certificates;
using Amoe.Engine.Journal;
using Amoe.Host.Access;
using Amoe.Host.Api.Streams;
using Amoe.Host.Http;
using Amoe.Host.Identity;
using Amoe.Host.Live;
using Amoe.Host.Reports;

namespace Amoe.Host.Checking;

/// <summary>The checks of a host that do not depend on where its journal is.</summary>
internal static class HostChecks
{
    private const long FreeBytesMin = 1L << 30;

    /// <summary>Some weeks, in which a certificate can be renewed.</summary>
    private static readonly TimeSpan _renewedWithin = TimeSpan.FromDays(30);

    /// <param name="api">Null where there is none, or it is not known whether it has a certificate.</param>
    public static void Http(CheckList checks, IPEndPoint http, ApiRequest? api) => checks.Run("http", () =>
    {
        api?.RequireReachable(http);
        HostServer.Check(http);
        return Finding.Ok($"{http} can be listened on");
    });

    /// <summary>Certificate, keys, tokens and the room for answers of streams.</summary>
    /// <param name="isConfigured">False where the settings cannot be read.</param>
    public static void Api(CheckList checks, ApiRequest api, bool isConfigured, TimeProvider time)
    {
        if (isConfigured)
            checks.Run("certificate", () => Certificate(api.Settings, time));
        checks.Run("keys", () => Keys(api.Keys, time));
        if (isConfigured)
            checks.Run("tokens", () => Tokens(api.Settings.Access.Jwt));
        else
            checks.Skip("the settings cannot be read", "certificate", "tokens");
        checks.Run("answers", () => Answers(api.Settings.AnswerBytesMax, time));
    }

    /// <param name="isOfCluster">True where other hosts have the vault open too.</param>
    public static void Vault(CheckList checks, VaultPlace? place, bool isOfCluster) => checks.Run("vault", () =>
    {
        if (place is null)
            return Finding.Ok("none: no call names a person");
        if (isOfCluster)
            OpenVault.RequireShared(place);
        using var master = OpenVault.MasterOf(place);
        return Finding.Ok(
            $"{place.Folder}: {Format.Count(IdentityVault.Check(place.Folder, master))} persons, under the master key {master.Id}");
    });

    /// <summary>How much room is left in a folder.</summary>
    public static Finding Disk(
        string folder, string what, long wanted = FreeBytesMin,
        string advice = "Make room: a full disk stops the host.")
    {
        try
        {
            var free = new DriveInfo(folder).AvailableFreeSpace;
            return free >= wanted
                ? Finding.Ok($"{folder}: {Format.Bytes(free)} free for {what}")
                : Finding.Warning($"{folder}: only {Format.Bytes(free)} free for {what}", advice);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Warning(
                $"{folder}: how much is free cannot be asked ({e.Message.TrimEnd('.')})",
                "Look whether there is such a folder.");
        }
    }

    /// <summary>For how long a certificate is valid, which is valid today.</summary>
    public static Finding Validity(string file, X509Certificate2 certificate, TimeProvider time)
    {
        var found =
            $"{file}: valid from {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}, with its key";
        return certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime >= _renewedWithin
            ? Finding.Ok(found)
            : Finding.Warning(found, "Renew it, and start the host again.");
    }

    /// <summary>The clock of this machine against the last day that was opened.</summary>
    /// <param name="last">The default where none was, or the journal cannot be read.</param>
    public static Finding Clock(DateOnly last, bool catchesUp, TimeProvider time)
    {
        var day = BusinessDays.RequireDay(last, catchesUp, time);
        return Finding.Ok(
            last == default ? $"it is {Format.Date(day)} in Casablanca, the first day to open"
            : last == day ? $"it is {Format.Date(day)} in Casablanca, and the day is open"
            : $"it is {Format.Date(day)} in Casablanca: {day.DayNumber - last.DayNumber} days open at the start");
    }

    /// <summary>The last day of a journal in words.</summary>
    public static string LastDay(JournalBook book) =>
        book.LastDay == default ? "no day is open yet" : $"its last day is {Format.Date(book.LastDay)}";

    private static Finding Certificate(LiveSettings settings, TimeProvider time)
    {
        using var certificate = settings.LoadCertificate(time);
        return certificate is null
            ? Finding.Ok("none: the host speaks HTTP, on this machine alone")
            : Validity(settings.Certificate!, certificate, time);
    }

    private static Finding Keys(string? file, TimeProvider time)
    {
        if (file is null)
            return Finding.Warning(
                "no file: the host makes a key that may make every call, and prints it",
                "For more than a try make keys: amoe keys create.");
        var keys = new KeyFile(file).Read();
        var active = keys.Count(key => key.StateAt(time.GetUtcNow()) == KeyState.Active);
        var found = $"{file}: {active} of {keys.Count} keys are active";
        return active > 0 ? Finding.Ok(found) : Finding.Warning(found, "No caller has one: amoe keys create.");
    }

    private static Finding Tokens(JwtSettings? tokens)
    {
        tokens?.RequireSigningKey();
        return Finding.Ok(
            tokens is null ? "none are taken"
            : tokens.SigningKeyFile is { } file ? $"those signed with the key in {file}"
            : $"those of {tokens.Authority}, whose keys are asked for with the first one: not tried");
    }

    /// <summary>A stream is refused where they cannot be kept, and the host starts all the same.</summary>
    private static Finding Answers(long bytesMax, TimeProvider time)
    {
        var folder = Path.GetTempPath();
        try
        {
            new AnswerLog(folder, time).Dispose();
        }
        catch (AnswersNotKeptException e)
        {
            return Finding.Warning(e.Message, "Until then streams are refused.");
        }

        return Disk(folder, $"at most {Format.Bytes(bytesMax)} of streams' answers", bytesMax,
            $"Make room, name another folder in TMPDIR, or set {AnswersAtLimitException.LimitSetting} lower.");
    }
}
