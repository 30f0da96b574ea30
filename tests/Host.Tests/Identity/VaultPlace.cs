using System.Text;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Host.Identity;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Identity;

/// <summary>Where a vault keeps its persons.</summary>
public enum VaultKind
{
    /// <summary>In files, which one process has open.</summary>
    Files,

    /// <summary>In two databases, which hosts share.</summary>
    Databases,
}

/// <summary>A vault in a temporary folder, with its master key beside it, and persons to put into it.</summary>
internal sealed class VaultPlace : IDisposable
{
    public static readonly DateOnly Today = new(2026, 11, 30);

    public static readonly Reader Desk = Reader.Of("desk-7", "a question at the desk");

    private readonly TestFolder _folder = new();

    public VaultPlace(VaultKind kind = VaultKind.Files)
    {
        Key = NewKey();
        if (kind == VaultKind.Files)
        {
            IdentityVault.Create(Folder, Key, "host-1", TimeProvider.System);
            return;
        }

        (Persons, Keys) = CreateOn(PrivatePostgres.Shared);
    }

    /// <summary>A vault in databases of a server of the test's own.</summary>
    public VaultPlace(PrivatePostgres server)
    {
        Key = NewKey();
        (Persons, Keys) = CreateOn(server);
    }

    /// <summary>Of a vault in databases.</summary>
    public PrivateDatabase? Persons { get; }

    /// <inheritdoc cref="Persons"/>
    public PrivateDatabase? Keys { get; }

    public MasterKey Key { get; }

    public string Folder => _folder.File("vault");

    public string Audit => Path.Combine(Folder, VaultFiles.Audit);

    public List<string> Warnings { get; } = [];

    public string Beside(string name) => _folder.File(name);

    public IdentityVault Open(MasterKey? key = null, VaultOptions? options = null) =>
        IdentityVault.Open(
            Folder, key ?? Key, TimeProvider.System, (options ?? new VaultOptions()) with { Warn = Warnings.Add });

    /// <summary>All that the store of keys holds.</summary>
    public string KeysAsTheyAre() => Keys?.Scalar<string>("""
        SELECT vault::text || (SELECT string_agg(person_key::text, ' ') FROM amoe.person_key) FROM amoe.vault
        """) ?? Convert.ToHexString(File.ReadAllBytes(Path.Combine(Folder, VaultFiles.Keys)));

    /// <summary>The folder of another host of a vault in databases, which joins it.</summary>
    public string Join(string host)
    {
        SharedVault.Join(
            Beside(host), JournalAddress.Parse(Persons!.Url), JournalAddress.Parse(Keys!.Url), host,
            TimeProvider.System);
        return Beside(host);
    }

    /// <summary>Opens the vault as the host of another folder.</summary>
    public IdentityVault OpenIn(string folder, MasterKey? key = null) =>
        IdentityVault.Open(folder, key ?? Key, TimeProvider.System, new VaultOptions { Warn = Warnings.Add });

    public MasterKey NewKey() => MasterKey.Create(_folder.File($"{Guid.NewGuid():N}.key"));

    /// <summary>Copies what a dump would have: one file without its log, or all as a kill would leave them.</summary>
    public void Copy(string name, string to)
    {
        using var from = SqliteDatabase.Open(Path.Combine(Folder, name), SqliteAccess.Read);
        using var target = SqliteDatabase.Open(_folder.File(to), SqliteAccess.Create);
        from.CopyTo(target, (_, _) => { }, default);
    }

    /// <summary>Puts a dump where the file is. The vault is closed.</summary>
    public void Restore(string name, string from)
    {
        foreach (var ending in (string[])["", "-wal", "-shm"])
            File.Delete(Path.Combine(Folder, name + ending));
        File.Copy(_folder.File(from), Path.Combine(Folder, name));
    }

    /// <summary>The folder as kill -9 leaves it at this moment, as another place.</summary>
    public string CopyAsKilled()
    {
        var killed = _folder.File("killed");
        Directory.CreateDirectory(killed);
        foreach (var file in Directory.EnumerateFiles(Folder)
            .Where(file =>
                !file.EndsWith("-lock", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(Path.Combine(killed, Path.GetFileName(file)));
            from.CopyTo(to);
        }

        return killed;
    }

    /// <summary>The files of the folder that hold these bytes.</summary>
    public string[] FilesWith(ReadOnlySpan<byte> bytes) => FilesWith(Folder, bytes);

    public static string[] FilesWith(string folder, ReadOnlySpan<byte> bytes)
    {
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => new FileInfo(file).Length > 0))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var all = new MemoryStream();
            stream.CopyTo(all);
            if (all.GetBuffer().AsSpan(0, (int)all.Length).IndexOf(bytes) >= 0)
                found.Add(Path.GetFileName(file));
        }

        return [.. found];
    }

    public string[] FilesWith(string text) =>
        [.. FilesWith(Encoding.UTF8.GetBytes(text)), .. FilesWith(Encoding.Unicode.GetBytes(text))];

    public static Person Of(PersonFields fields)
    {
        var errors = Person.Check(fields, Today, out var person);
        Assert.Empty(errors);
        return person!;
    }

    /// <summary>A person with everything, whose numbers follow from the index.</summary>
    public static PersonFields Fields(int index) => new()
    {
        Cin = $"AB{100_000 + index}",
        Massar = $"G{100_000_000 + index}",
        FirstName = "Zineb",
        LastName = "Aït Ouguerd",
        FirstNameArabic = "زينب",
        LastNameArabic = "أيت وگرد",
        BirthDate = new DateOnly(2005, 3, 4),
        Email = $"zineb{index}@etudiant.example.ma",
        Rib = Simulator.People.Morocco.RibOf($"00778{index:D17}"),
    };

    public static Person Student(int index) => Of(Fields(index));

    public static async Task<StudentId> NewAsync(IdentityVault vault, Person person)
    {
        var registration = await vault.RegisterAsync(person);
        Assert.Equal(RegistrationOutcome.New, registration.Outcome);
        return registration.Student!.Value;
    }

    public static PersonNumber Cin(string text) => PersonNumber.Cin(text)!.Value;

    public static PersonNumber Massar(string text) => PersonNumber.Massar(text)!.Value;

    public void Dispose() => _folder.Dispose();

    private (PrivateDatabase Persons, PrivateDatabase Keys) CreateOn(PrivatePostgres server)
    {
        var (persons, keys) = (server.NewDatabase(), server.NewDatabase());
        SharedVault.Create(
            Folder, JournalAddress.Parse(persons.Url), JournalAddress.Parse(keys.Url), Key, "host-1",
            TimeProvider.System);
        return (persons, keys);
    }
}
