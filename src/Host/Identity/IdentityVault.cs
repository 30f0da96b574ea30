using System.Collections.Concurrent;
using System.Security.Cryptography;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Host.Identity;

/// <summary>What an opening may be given besides the vault.</summary>
internal sealed record VaultOptions
{
    /// <summary>The other key of a rotation that has not ended.</summary>
    public MasterKey? OtherKey { get; init; }

    /// <summary>Receives one line for a person.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    /// <summary>Draws a number for a new person.</summary>
    public Func<ulong> Draw { get; init; } = IdentityVault.RandomNumber;
}

/// <summary>
/// Keeps who a student is, apart from the journal, which knows a number alone. Each person is sealed under a key of its
/// own, and that key wrapped under the master key; deleting the key erases the person, in older copies too
/// (docs/identity.md). All methods may be called by many threads.
/// </summary>
internal sealed class IdentityVault : IDisposable
{
    /// <summary>Bits of a student's number.</summary>
    public const int NumberBits = 53;

    // An opening reads the log from the mark on, some hundred megabytes a second.
    internal const long MarkEvery = 8 << 20;

    private readonly string _folder;
    private readonly WriterLock _lock;
    private readonly PersonFile _persons;
    private readonly PersonKeyFile _keys;
    private readonly AuditLog _audit;
    private readonly VaultStore _store;
    private readonly VaultWriter _writer;
    private readonly VaultIndex _index = new();
    private readonly MasterKeyRing _ring;

    // Each has a reader for one reading.
    private readonly ConcurrentBag<PersonReader> _readers = [];
    private long _marked;

    private IdentityVault(string folder, VaultParts parts, MasterKey master, TimeProvider time, VaultOptions options)
    {
        (_folder, _lock, _persons, _keys) = (folder, parts.Lock, parts.Persons, parts.Keys);
        var (persons, keys) = (_persons, _keys);
        _ring = RingOf(folder, persons, keys, options.OtherKey is { } other ? [master, other] : [master]);
        _index.Reserve((int)persons.Persons);
        persons.Load(_index);
        keys.Load(_index);
        var erased = new HashSet<StudentId>();
        _audit = AuditLog.Open(Path.Combine(folder, VaultFiles.Audit), MarksOf(persons, keys), time, student =>
            erased.Add(student), options.Warn);
        try
        {
            VaultWriter.EraseAgain(persons, keys, _index, _audit.End, erased);
            _marked = _audit.End.Offset;
            _store = new VaultStore(persons, keys, _index, _ring, options.Draw);
            _writer = new VaultWriter(persons, keys, _index, _audit);
        }
        catch
        {
            _audit.Dispose();
            throw;
        }
    }

    /// <summary>Makes an empty vault in a folder that is empty or not there.</summary>
    /// <param name="host">The id of the host, for the audit log's first line.</param>
    /// <exception cref="VaultException">The folder is in use or cannot be written; nothing was made.</exception>
    public static void Create(string folder, MasterKey master, string host, TimeProvider time) =>
        Try(() => VaultFiles.Create(folder, master, host, time));

    /// <summary>
    /// Opens a vault. A person that the audit log says was erased is erased again, should a file be an older copy.
    /// </summary>
    /// <param name="master">It stays the caller's, and is not disposed before the vault.</param>
    /// <exception cref="VaultException">
    /// The folder has no whole vault, another process has it open, the key is another, or a file is damaged.
    /// </exception>
    public static IdentityVault Open(
        string folder, MasterKey master, TimeProvider time, VaultOptions? options = null) => Try(() =>
    {
        VaultFiles.RequireAll(folder);
        var opened = new Stack<IDisposable>();
        try
        {
            var @lock = WriterLock.Take(Path.Combine(folder, VaultFiles.Persons));
            opened.Push(@lock);
            var persons = VaultFiles.OpenPersons(folder, SqliteAccess.Write);
            opened.Push(persons);
            var keys = VaultFiles.OpenKeys(folder, SqliteAccess.Write);
            opened.Push(keys);
            return new IdentityVault(
                folder, new VaultParts(@lock, persons, keys), master, time, options ?? new VaultOptions());
        }
        catch
        {
            foreach (var part in opened)
                part.Dispose();
            throw;
        }
    });

    /// <summary>
    /// Fails where <see cref="Open"/> would. It writes nothing, but for the lock that it holds for a moment.
    /// </summary>
    /// <returns>How many persons the vault has.</returns>
    /// <inheritdoc cref="Open"/>
    public static long Check(string folder, MasterKey master) => Try(() =>
    {
        VaultFiles.RequireAll(folder);
        using var @lock = WriterLock.Take(Path.Combine(folder, VaultFiles.Persons));
        using var persons = VaultFiles.OpenPersons(
            folder, SqliteJournalFile.ReadAccess(Path.Combine(folder, VaultFiles.Persons)));
        using var keys = VaultFiles.OpenKeys(
            folder, SqliteJournalFile.ReadAccess(Path.Combine(folder, VaultFiles.Keys)));
        RingOf(folder, persons, keys, [master]);
        AuditLog.RequireSound(Path.Combine(folder, VaultFiles.Audit), MarksOf(persons, keys));
        return persons.Persons;
    });

    /// <summary>
    /// Walks along a vault's whole audit log, up to and past the lines that its files have seen. It needs no key, and
    /// the vault may be open.
    /// </summary>
    /// <exception cref="VaultException">A file is missing or cannot be read.</exception>
    public static AuditWalk VerifyAudit(string folder) => Try(() =>
    {
        VaultFiles.RequireAll(folder);
        using var persons = VaultFiles.OpenPersons(folder, SqliteAccess.Read);
        using var keys = VaultFiles.OpenKeys(folder, SqliteAccess.Read);
        return AuditLog.Verify(Path.Combine(folder, VaultFiles.Audit), persons.Mark, keys.Mark);
    });

    /// <summary>The id of the master key that wraps what is registered now.</summary>
    public string Master => _ring.Current.Id;

    /// <summary>
    /// Gives a person a number, or finds the one that the person has. It is on disk when this completes; callers at the
    /// same time share a sync.
    /// </summary>
    /// <exception cref="VaultException">Nothing was registered.</exception>
    public Task<Registration> RegisterAsync(Person person)
    {
        var prepared = _store.Prepare(person);
        return _writer.RunAsync(() => _store.Register(person, prepared));
    }

    /// <summary>Replaces a person's data.</summary>
    /// <param name="old">Whether the person is found by the numbers that are replaced, from then on.</param>
    /// <exception cref="VaultException">Nothing was corrected.</exception>
    public async Task<CorrectionOutcome> CorrectAsync(
        StudentId student, Person person, Reader reader, OldNumbers old = OldNumbers.Kept)
    {
        await WriteAsync(new AuditEntry(AuditAct.Correct, student, reader));
        return await _writer.RunAsync(() => _store.Correct(student, person, old));
    }

    /// <summary>
    /// The student with this number, for the host's own use: a line of a list names its student so. An answer to
    /// somebody is <see cref="FindAsync"/>'s.
    /// </summary>
    public StudentId? Lookup(PersonNumber number)
    {
        var found = _index.OwnerOf(_ring.Numbers.HashOf(number));
        return found is { } student && _writer.IsBeingErased(student) ? null : found;
    }

    /// <summary>The student with this number, once the audit log has who asked, and why.</summary>
    /// <exception cref="VaultException">The audit log cannot be written.</exception>
    public async ValueTask<StudentId?> FindAsync(PersonNumber number, Reader reader)
    {
        var found = Lookup(number);
        await WriteAsync(new AuditEntry(AuditAct.Find, found, reader));
        return found;
    }

    /// <summary>Who a student is, once the audit log has who asked, and why.</summary>
    /// <returns>Null when there is no such person, or no longer.</returns>
    /// <exception cref="VaultException">The store cannot be read, or the audit log not be written.</exception>
    public async ValueTask<Person?> ReadAsync(StudentId student, Reader reader)
    {
        await WriteAsync(new AuditEntry(AuditAct.Read, student, reader));
        return !IsGone(student) && _index.PlaceOf(student) is { } place ? Read(place, student) : null;
    }

    /// <summary>
    /// Erases a person: key, data and numbers are gone from the files when this completes. The student's number stays
    /// used.
    /// </summary>
    /// <exception cref="VaultException">
    /// A file could not be changed. Once the audit log has the erasure the person is not read any more, and the erasure
    /// goes on when it is asked for again or the vault is opened.
    /// </exception>
    public Task<ErasureOutcome> EraseAsync(StudentId student, Reader reader) => _writer.EraseAsync(student, reader);

    /// <summary>
    /// Wraps all persons' keys under another master key, in steps between which the vault is used as ever. A rotation
    /// that was interrupted goes on when it is asked for again with the same key.
    /// </summary>
    /// <param name="rewrapped">
    /// Receives how many keys were rewrapped, after each of them and before it is on disk.
    /// </param>
    /// <returns>How many keys were rewrapped.</returns>
    /// <exception cref="VaultException">Another rotation has not ended, or a key cannot be unwrapped.</exception>
    public Task<long> RotateAsync(
        MasterKey next, Action<long>? rewrapped = null, CancellationToken cancellation = default) =>
        new KeyRotation(_writer, _keys, _ring, Path.Combine(_folder, VaultFiles.Keys))
            .RunAsync(next, rewrapped ?? (_ => { }), cancellation);

    public Task<VaultStatus> StatusAsync() => _writer.RunAloneAsync(() => new VaultStatus(
        _keys.Vault, _keys.Master.Master, _keys.Next?.Master, _persons.Persons, _keys.Keys, _persons.Erasures,
        _audit.End));

    public void Dispose()
    {
        try
        {
            Try(_writer.Dispose);
        }
        finally
        {
            _audit.Dispose();
            foreach (var reader in _readers)
                reader.Close();
            _keys.Dispose();
            _persons.Dispose();
            _lock.Dispose();
        }
    }

    internal static ulong RandomNumber()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ulong number;
        do
        {
            RandomNumberGenerator.Fill(bytes);
            number = BitConverter.ToUInt64(bytes) >> (sizeof(ulong) * 8 - NumberBits);
        }
        while (number == 0);
        return number;
    }

    private async ValueTask WriteAsync(AuditEntry entry)
    {
        var end = await _audit.AppendAsync(entry);
        var marked = Interlocked.Read(ref _marked);

        // Readings alone change no file; without this a crash after a year of them would have the year read again.
        if (end.Offset - marked > MarkEvery && Interlocked.CompareExchange(ref _marked, end.Offset, marked) == marked)
            await _writer.RunAsync(() => true);
    }

    private bool IsGone(StudentId student) => _writer.IsBeingErased(student) || _index.IsErased(student);

    private Person? Read(int place, StudentId student) => Try(() =>
    {
        if (!_readers.TryTake(out var reader))
            reader = OpenReader();
        try
        {
            return reader.Read(place, student);
        }
        finally
        {
            _readers.Add(reader);
        }
    });

    private PersonReader OpenReader()
    {
        var persons = VaultFiles.OpenPersons(_folder, SqliteAccess.Read);
        try
        {
            return new PersonReader(persons, VaultFiles.OpenKeys(_folder, SqliteAccess.Read), _ring, IsGone);
        }
        catch
        {
            persons.Dispose();
            throw;
        }
    }

    private static MasterKeyRing RingOf(string folder, PersonFile persons, PersonKeyFile keys, MasterKey[] atHand) =>
        persons.Vault == keys.Vault
        ? MasterKeyRing.Of(keys, Path.Combine(folder, VaultFiles.Keys), atHand)
        : throw new VaultException(
            $"{folder}: {VaultFiles.Keys} and {VaultFiles.Persons} are of two vaults. Put back the one that belongs to the other.");

    /// <summary>The lines of the audit log that the files have seen, by age.</summary>
    private static AuditPosition[] MarksOf(PersonFile persons, PersonKeyFile keys) =>
        [.. ((AuditPosition[])[keys.Mark, persons.Mark]).OrderBy(mark => mark.Offset)];

    private static void Try(Action action) => Try(() =>
    {
        action();
        return true;
    });

    private static T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (JournalException e)
        {
            throw VaultFiles.Failure(e);
        }
    }

    /// <summary>What is opened first, and closed last.</summary>
    private sealed record VaultParts(WriterLock Lock, PersonFile Persons, PersonKeyFile Keys);
}
