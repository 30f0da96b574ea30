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

    private readonly IVaultStore _store;
    private readonly AuditLog _audit;
    private readonly VaultWriter _writer;
    private readonly MasterKeyRing _ring;
    private readonly PersonReader _reader;
    private readonly PersonRegister _register;
    private long _marked;

    private IdentityVault(
        IVaultStore store, string folder, MasterKey master, TimeProvider time, VaultOptions options)
    {
        _store = store;
        _ring = MasterKeyRing.Of(
            store.Masters, store.Names.KeysPath, options.OtherKey is { } other ? [master, other] : [master]);
        _reader = new PersonReader(_ring, store.Names);
        _register = new PersonRegister(_reader, _ring, options.Draw, store.Names);
        var erased = new HashSet<StudentId>();
        _audit = AuditLog.Open(
            Path.Combine(folder, VaultFiles.Audit), store.Marks, time, student => erased.Add(student), options.Warn);
        try
        {
            VaultWriter.EraseAgain(store, _audit.End, erased);
            _marked = _audit.End.Offset;
            _writer = new VaultWriter(store, _audit);
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
        IVaultStore store =
            VaultDatabases.AreIn(folder) ? SharedVaultStore.Open(folder) : FileVaultStore.Open(folder);
        try
        {
            return new IdentityVault(store, folder, master, time, options ?? new VaultOptions());
        }
        catch
        {
            store.Dispose();
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
        var isShared = VaultDatabases.AreIn(folder);
        using var @lock = WriterLock.Take(Path.Combine(folder, isShared ? VaultFiles.Audit : VaultFiles.Persons));
        var look = isShared ? SharedVaultStore.Look(folder) : FileVaultStore.Look(folder, isClosed: true);
        MasterKeyRing.Of(look.Masters, look.Keys, [master]);
        AuditLog.RequireSound(Path.Combine(folder, VaultFiles.Audit), look.Marks);
        return look.Persons;
    });

    /// <summary>
    /// Walks along a host's whole audit log, up to and past the lines that the store has seen. It needs no key, and the
    /// vault may be open.
    /// </summary>
    /// <exception cref="VaultException">A file or a database is missing or cannot be read.</exception>
    public static AuditWalk VerifyAudit(string folder) => Try(() =>
    {
        VaultFiles.RequireAll(folder);
        var look = VaultDatabases.AreIn(folder)
            ? SharedVaultStore.Look(folder)
            : FileVaultStore.Look(folder, isClosed: false);
        return AuditLog.Verify(Path.Combine(folder, VaultFiles.Audit), look.Marks);
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
        var prepared = _register.Prepare(person);
        return _writer.RunAsync(change => _register.Register(change, person, prepared));
    }

    /// <summary>Replaces a person's data.</summary>
    /// <param name="old">Whether the person is found by the numbers that are replaced, from then on.</param>
    /// <exception cref="VaultException">Nothing was corrected.</exception>
    public async Task<CorrectionOutcome> CorrectAsync(
        StudentId student, Person person, Reader reader, OldNumbers old = OldNumbers.Kept)
    {
        await WriteAsync(new AuditEntry(AuditAct.Correct, student, reader));
        return await _writer.RunAsync(change => _register.Correct(change, student, person, old));
    }

    /// <summary>
    /// The student with this number, for the host's own use: a line of a list names its student so. An answer to
    /// somebody is <see cref="FindAsync"/>'s.
    /// </summary>
    /// <exception cref="VaultException">The store cannot be read.</exception>
    public async ValueTask<StudentId?> LookupAsync(PersonNumber number)
    {
        var found = await TryAsync(() => _store.OwnerOfAsync(_ring.Numbers.HashOf(number)));
        return found is { } student && _writer.IsBeingErased(student) ? null : found;
    }

    /// <summary>The student with this number, once the audit log has who asked, and why.</summary>
    /// <exception cref="VaultException">The store cannot be read, or the audit log not be written.</exception>
    public async ValueTask<StudentId?> FindAsync(PersonNumber number, Reader reader)
    {
        var found = await LookupAsync(number);
        await WriteAsync(new AuditEntry(AuditAct.Find, found, reader));
        return found;
    }

    /// <summary>Who a student is, once the audit log has who asked, and why.</summary>
    /// <returns>Null when there is no such person, or no longer.</returns>
    /// <exception cref="VaultException">The store cannot be read, or the audit log not be written.</exception>
    public async ValueTask<Person?> ReadAsync(StudentId student, Reader reader)
    {
        await WriteAsync(new AuditEntry(AuditAct.Read, student, reader));
        var stored = await StoredAsync(student);

        // An erasure may have come between the person's row and the key's.
        if (stored is { Key: null })
            stored = await StoredAsync(student);
        return stored is null ? null : _reader.Open(student, stored);
    }

    /// <summary>
    /// Erases a person: key, data and numbers are gone from the store when this completes, for every host that shares
    /// it. The student's number stays used.
    /// </summary>
    /// <exception cref="VaultException">
    /// The store could not be changed. Once the audit log has the erasure this host does not read the person any more,
    /// and the erasure goes on when it is asked for again or the vault is opened.
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
        new KeyRotation(_writer, _store, _ring).RunAsync(next, rewrapped ?? (_ => { }), cancellation);

    public Task<VaultStatus> StatusAsync() => _writer.RunAloneAsync(() =>
    {
        var (masters, counts) = (_store.Masters, _store.Count());
        return new VaultStatus(
            _store.Vault, masters.Current.Master, masters.Next?.Master, counts.Persons, counts.Keys, counts.Erased,
            _audit.End);
    });

    public void Dispose()
    {
        try
        {
            Try(_writer.Dispose);
        }
        finally
        {
            _audit.Dispose();
            _store.Dispose();
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
            await _writer.MarkAsync();
    }

    private async ValueTask<StoredPerson?> StoredAsync(StudentId student) =>
        _writer.IsBeingErased(student) ? null : await TryAsync(() => _store.ReadAsync(student));

    private static async ValueTask<T> TryAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (JournalException e)
        {
            throw VaultFiles.Failure(e);
        }
    }

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
}
