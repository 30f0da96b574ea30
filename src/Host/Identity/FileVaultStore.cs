using System.Collections.Concurrent;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Host.Identity;

/// <summary>
/// Keeps a vault in two files of a folder, <c>vault.db</c> and <c>keys.db</c>, which one process has open, with an
/// index in memory.
/// </summary>
internal sealed class FileVaultStore : IVaultStore, IVaultChange
{
    // Some 10 ms: a registration waits no longer for a step of a rotation.
    private const int RowsOfStep = 500;

    private readonly string _folder;
    private readonly WriterLock _lock;
    private readonly PersonFile _persons;
    private readonly PersonKeyFile _keys;
    private readonly VaultIndex _index = new();

    // Each has a reader for one reading.
    private readonly ConcurrentBag<Connections> _readers = [];

    private FileVaultStore(string folder, WriterLock @lock, PersonFile persons, PersonKeyFile keys)
    {
        (_folder, _lock, _persons, _keys) = (folder, @lock, persons, keys);
        Names = new VaultNames(VaultFiles.Persons, VaultFiles.Keys, Path.Combine(folder, VaultFiles.Keys));
        VaultFiles.RequireOneVault(folder, persons, keys);
        _index.Reserve((int)persons.Persons);
        persons.Load(_index);
        keys.Load(_index);
    }

    public VaultNames Names { get; }

    public string Vault => _keys.Vault;

    // A transaction of so many lasts some tens of milliseconds, which is how long one caller may wait for another.
    public int Together => 1_024;

    public KeyMasters Masters => MastersOf(_keys);

    public AuditPosition[] Marks => MarksOf(_persons, _keys);

    /// <exception cref="JournalException">Another process has it open, or a file cannot be read.</exception>
    /// <exception cref="VaultException">A file is of another kind, or of another vault.</exception>
    public static FileVaultStore Open(string folder)
    {
        var opened = new Stack<IDisposable>();
        try
        {
            var @lock = WriterLock.Take(Path.Combine(folder, VaultFiles.Persons));
            opened.Push(@lock);
            var persons = VaultFiles.OpenPersons(folder, SqliteAccess.Write);
            opened.Push(persons);
            var keys = VaultFiles.OpenKeys(folder, SqliteAccess.Write);
            opened.Push(keys);
            return new FileVaultStore(folder, @lock, persons, keys);
        }
        catch
        {
            foreach (var part in opened)
                part.Dispose();
            throw;
        }
    }

    /// <summary>Looks at it, and changes nothing.</summary>
    /// <param name="isClosed">True where no process has it open: what it left in a log is read as well then.</param>
    /// <inheritdoc cref="Open"/>
    public static VaultLook Look(string folder, bool isClosed)
    {
        SqliteAccess AccessTo(string name) =>
            isClosed ? SqliteJournalFile.ReadAccess(Path.Combine(folder, name)) : SqliteAccess.Read;
        using var persons = VaultFiles.OpenPersons(folder, AccessTo(VaultFiles.Persons));
        using var keys = VaultFiles.OpenKeys(folder, AccessTo(VaultFiles.Keys));
        if (isClosed)
            VaultFiles.RequireOneVault(folder, persons, keys);
        return new VaultLook(
            Path.Combine(folder, VaultFiles.Keys), MastersOf(keys), MarksOf(persons, keys), persons.Persons);
    }

    private static KeyMasters MastersOf(PersonKeyFile keys) => new(keys.Master, keys.Next);

    private static AuditPosition[] MarksOf(PersonFile persons, PersonKeyFile keys) =>
        [.. ((AuditPosition[])[keys.Mark, persons.Mark]).OrderBy(mark => mark.Offset)];

    public ValueTask<StudentId?> OwnerOfAsync(NumberHash hash) => ValueTask.FromResult(_index.OwnerOf(hash));

    public ValueTask<StoredPerson?> ReadAsync(StudentId student)
    {
        if (_index.PlaceOf(student) is not { } place)
            return ValueTask.FromResult<StoredPerson?>(null);
        if (!_readers.TryTake(out var reader))
            reader = Connections.Open(_folder);
        try
        {
            return ValueTask.FromResult(StoredAt(place, student, reader.Persons, reader.Keys));
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    public void Change(AuditPosition? known, Action<IVaultChange> change)
    {
        try
        {
            _keys.Begin();
            _persons.Begin();
            change(this);
            if (known is { } mark)
                _keys.Mark = _persons.Mark = mark;
            _keys.Commit();
            _persons.Commit();
            _index.Publish();
        }
        finally
        {
            _index.Discard();
            _persons.Rollback();
            _keys.Rollback();
        }
    }

    public bool Has(StudentId student) => _index.PlaceOf(student) is not null;

    public bool IsErased(StudentId student) => _index.IsErased(student);

    public void Erase(IReadOnlyCollection<StudentId> students)
    {
        In(_keys, () =>
        {
            foreach (var student in students)
            {
                if (_index.PlaceOf(student) is { } place)
                    _keys.Delete(place, student);
            }
        });
        var numbers = new Dictionary<StudentId, NumberHash[]>();
        In(_persons, () =>
        {
            foreach (var student in students)
            {
                var place = _index.PlaceOf(student);
                numbers[student] = NumberHash.Split(place is { } at ? _persons.RowAt(at, student)?.Numbers : null);
                _persons.Erase(place, student);
            }
        });
        foreach (var (student, its) in numbers)
            _index.Erase(student, its);
    }

    /// <summary>Empties the write-ahead logs, which have the pages of before.</summary>
    public bool Empty() => _keys.Checkpoint() & _persons.Checkpoint();

    public void Mark(AuditPosition known)
    {
        In(_keys, () => _keys.Mark = known);
        In(_persons, () => _persons.Mark = known);
    }

    public void TurnTo(KeyMasters masters) => In(_keys, () => (_keys.Master, _keys.Next) = masters);

    public KeyStep Rewrap(long after, string master, Func<WrappedKey, WrappedKey> rewrap)
    {
        var others = _keys.OthersAfter(after, master, RowsOfStep);
        In(_keys, () => others.ForEach(key => _keys.Update(rewrap(key))));
        return new KeyStep(others.Count, others.Count > 0 ? others[^1].Place : after);
    }

    public StoreCounts Count() => new(_persons.Persons, _keys.Keys, _persons.Erasures);

    public void Dispose()
    {
        foreach (var reader in _readers)
            reader.Dispose();
        _keys.Dispose();
        _persons.Dispose();
        _lock.Dispose();
    }

    StudentId? IVaultChange.OwnerOf(NumberHash hash) => _index.PendingOwnerOf(hash);

    StoredPerson? IVaultChange.Find(StudentId student) =>
        _index.PendingPlaceOf(student) is { } place ? StoredAt(place, student, _persons, _keys) : null;

    bool IVaultChange.TryInsert(WrappedKey key, IReadOnlyList<NumberHash> numbers, byte[] data)
    {
        if (!_index.IsFree(key.Student))
            return false;
        var place = _index.Add(key.Student, numbers);
        _keys.Insert(key with { Place = place });
        _persons.Insert(place, key.Student, new PersonRow(NumberHash.Join(numbers), data));
        return true;
    }

    void IVaultChange.Update(
        StudentId student, IReadOnlyList<NumberHash> before, IReadOnlyList<NumberHash> after, byte[] data)
    {
        _persons.Update(
            _index.PendingPlaceOf(student)!.Value, student, new PersonRow(NumberHash.Join(after), data));
        _index.Change(student, before, after);
    }

    /// <summary>Runs changes of one file in a transaction.</summary>
    private static void In(VaultFile file, Action change)
    {
        file.Begin();
        try
        {
            change();
            file.Commit();
        }
        finally
        {
            // Of what failed; after a commit there is nothing to take back.
            file.Rollback();
        }
    }

    private static StoredPerson? StoredAt(int place, StudentId student, PersonFile persons, PersonKeyFile keys) =>
        persons.RowAt(place, student) is { } row
            ? new StoredPerson(NumberHash.Split(row.Numbers), row.Data, keys.KeyAt(place, student))
            : null;

    /// <summary>A pair of connections that reads, for one thread at a time.</summary>
    private sealed record Connections(PersonFile Persons, PersonKeyFile Keys) : IDisposable
    {
        public static Connections Open(string folder)
        {
            var persons = VaultFiles.OpenPersons(folder, SqliteAccess.Read);
            try
            {
                return new Connections(persons, VaultFiles.OpenKeys(folder, SqliteAccess.Read));
            }
            catch
            {
                persons.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            Persons.Dispose();
            Keys.Dispose();
        }
    }
}
