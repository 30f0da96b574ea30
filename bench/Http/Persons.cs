using Amoe.Bench.Peers;
using Amoe.Host.Identity;

namespace Amoe.Bench.Http;

/// <summary>
/// An identity vault of some persons. Every second one is entitled, so that an answer about another person is seen.
/// </summary>
internal sealed class Persons : IDisposable
{
    public const int Count = 20_000;

    private const int RegisteredTogether = 1_024;

    private readonly string _folder;
    private readonly string _key;
    private readonly long[] _students;
    private long _asked;

    private Persons(string folder, string key, long[] students) =>
        (_folder, _key, _students) = (folder, key, students);

    /// <summary>The options of a host that has the vault.</summary>
    public IEnumerable<string> Options => ["--vault", _folder, "--vault-key", _key];

    /// <summary>The students who are to be entitled.</summary>
    public IReadOnlyList<long> Entitled => [.. _students.Where((_, person) => IsEntitled(person))];

    /// <summary>Makes a vault, and registers everyone.</summary>
    public static async Task<Persons> CreateAsync(string folder)
    {
        var (vaultFolder, keyFile) = (Path.Combine(folder, "http-vault"), Path.Combine(folder, "http-vault.key"));
        Delete(vaultFolder, keyFile);
        using var master = MasterKey.Create(keyFile);
        IdentityVault.Create(vaultFolder, master, "bench", TimeProvider.System);
        using var vault = IdentityVault.Open(vaultFolder, master, TimeProvider.System);
        var students = new long[Count];
        foreach (var persons in Enumerable.Range(0, Count).Chunk(RegisteredTogether))
        {
            await Task.WhenAll(persons.Select(async person =>
                students[person] = (long)(await vault.RegisterAsync(PersonOf(person))).Student!.Value.Value));
        }

        return new Persons(vaultFolder, keyFile, students);
    }

    /// <summary>The person of the next question.</summary>
    public long Next() => (Interlocked.Increment(ref _asked) - 1) % Count;

    public static string CinOf(long person) => $"AB{100_000 + person}";

    /// <summary>True where an answer says of a person what is so.</summary>
    public static bool IsRight(ReadOnlySpan<byte> answer, long person) =>
        answer.IndexOf(IsEntitled(person) ? "{\"entitled\":true"u8 : "{\"entitled\":false"u8) >= 0;

    /// <summary>Looks whether each question is a line of the audit log, and the log is whole.</summary>
    /// <exception cref="PeerException">It is not.</exception>
    public void RequireAudited()
    {
        var walk = IdentityVault.VerifyAudit(_folder);
        if (walk.Problem is { } problem)
            throw new PeerException($"the audit log: line {walk.End.Sequence + 2} {problem}");
        if (walk.End.Sequence != _asked)
            throw new PeerException($"the audit log has {walk.End.Sequence} lines of {_asked} questions");
    }

    public void Dispose() => Delete(_folder, _key);

    private static bool IsEntitled(long person) => person % 2 == 0;

    private static Person PersonOf(int person)
    {
        var written = new PersonFields
        {
            Cin = CinOf(person),
            FirstName = "Zineb",
            LastName = "Alaoui",
            BirthDate = new DateOnly(2005, 3, 4),
        };
        var errors = Person.Check(written, DateOnly.FromDateTime(DateTime.UtcNow), out var read);
        return read ?? throw new InvalidOperationException(errors[0].Problem);
    }

    private static void Delete(string folder, string key)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        File.Delete(key);
    }
}
