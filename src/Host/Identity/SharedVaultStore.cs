using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Npgsql;

namespace Amoe.Host.Identity;

/// <summary>
/// Keeps a vault in two PostgreSQL databases that several hosts share. Nothing of a person is kept in memory: each
/// reading asks the database of keys, so that a person whose key is deleted is gone for all hosts at once.
/// </summary>
/// <remarks>
/// A change locks the one row of <c>vault</c> in the database of persons, so that changes of all hosts have one order;
/// the keys of <c>person_number</c> hold that a number has one owner even so. The database of keys has its own note of
/// who was erased: an older dump of persons has rows that it disowns, and an opening deletes them.
/// </remarks>
internal sealed class SharedVaultStore : IVaultStore
{
    private const int RowsOfStep = 500;

    // A frozen host holds the lock until the server ends its transaction, five seconds later.
    private const string LockOthersOut = "SET LOCAL lock_timeout = '10s'; SELECT id FROM vault FOR UPDATE";

    // A rotation that begins waits for those that are about to add a key under the former master key.
    private const string CurrentMaster = "SELECT coalesce(next_master, master) FROM vault FOR SHARE";

    private const string Owner = "SELECT student FROM person_number WHERE hash = $1";

    private const string PersonOf = """
        SELECT sealed, ARRAY(SELECT hash FROM person_number WHERE student = $1) FROM person WHERE student = $1
        """;

    private const string KeyOf = """
        SELECT master, wrapped, EXISTS (SELECT FROM erased WHERE student = $1)
        FROM (VALUES (1)) AS one LEFT JOIN person_key ON student = $1
        """;

    private const string Insert = """
        WITH new AS (
            INSERT INTO person (student, sealed) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM erased WHERE student = $1)
            ON CONFLICT DO NOTHING RETURNING student)
        INSERT INTO person_number (hash, student) SELECT unnest($3), student FROM new
        """;

    private const string InsertKey = """
        INSERT INTO person_key (student, master, wrapped)
        SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM erased WHERE student = $1) ON CONFLICT DO NOTHING
        """;

    private const string AddErased = "INSERT INTO erased (student) SELECT unnest($1) ON CONFLICT DO NOTHING";

    // Not where the mark is older than the one that this process has set.
    private const string SetMark = """
        INSERT INTO audit_mark (log, sequence, bytes, hash) VALUES ($1, $2, $3, $4)
        ON CONFLICT (log) DO UPDATE SET (sequence, bytes, hash) = ($2, $3, $4) WHERE audit_mark.sequence >= $5
        """;

    private readonly VaultDatabases _databases;
    private readonly WriterLock _lock;
    private readonly VaultDatabase _persons;
    private readonly VaultDatabase _keys;

    // The last line of the audit log that both databases have seen of this process. Of the writer's thread.
    private long _marked = -1;

    private SharedVaultStore(string folder)
    {
        _databases = VaultDatabases.Read(folder);
        (_persons, _keys) = (new VaultDatabase(_databases.Persons), new VaultDatabase(_databases.Keys));
        Names = new VaultNames(_persons.Name, _keys.Name, _keys.Name);
        Vault = SharedVault.RequireOneVault(_persons, _keys);
        _lock = WriterLock.Take(Path.Combine(folder, VaultFiles.Audit));
    }

    public VaultNames Names { get; }

    public string Vault { get; }

    // Each takes a few round trips, while other hosts wait.
    public int Together => 128;

    public KeyMasters Masters => MastersOf(_keys);

    public AuditPosition[] Marks => MarksOf(_databases, _keys, _persons);

    /// <summary>
    /// Opens it by a host's folder, which one process at a time uses. An erasure of any host that came to one of the
    /// two databases alone, by a crash or an older dump, is made in the other.
    /// </summary>
    /// <exception cref="JournalException">A database cannot be used, or a process has the folder open.</exception>
    /// <exception cref="VaultException">A database has no vault, or another one.</exception>
    public static SharedVaultStore Open(string folder)
    {
        var store = new SharedVaultStore(folder);
        try
        {
            var (inPersons, inKeys) = (ErasedIn(store._persons), ErasedIn(store._keys));
            inPersons.SymmetricExceptWith(inKeys);
            if (inPersons.Count > 0)
                store.Erase(inPersons);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Looks at it, and changes nothing. Another process may have the folder open.</summary>
    /// <inheritdoc cref="Open"/>
    public static VaultLook Look(string folder)
    {
        var databases = VaultDatabases.Read(folder);
        var (persons, keys) = (new VaultDatabase(databases.Persons), new VaultDatabase(databases.Keys));
        SharedVault.RequireOneVault(persons, keys);
        return new VaultLook(keys.Name, MastersOf(keys), MarksOf(databases, keys, persons), CountIn(persons, "person"));
    }

    public async ValueTask<StudentId?> OwnerOfAsync(NumberHash hash) =>
        await _persons.AskAsync<StudentId?>(Owner, BytesOf(hash), row => StudentOf(row, 0)) is { } owner
            && await KeyOfAsync(owner) is { IsErased: false }
            ? owner
            : null;

    public async ValueTask<StoredPerson?> ReadAsync(StudentId student)
    {
        var stored = await _persons.AskAsync(PersonOf, (long)student.Value, StoredOf);
        return stored is null ? null : (await KeyOfAsync(student))!.Of(stored);
    }

    public void Change(AuditPosition? known, Action<IVaultChange> change) => Again(() =>
    {
        using var persons = _persons.Begin();
        using var keys = _keys.Begin();
        persons.Run(LockOthersOut);
        change(new Transaction(persons, keys, keys.One(CurrentMaster, row => row.GetString(0))!, Names));
        if (known is { } mark)
        {
            SetMarkIn(keys, _keys, mark);
            SetMarkIn(persons, _persons, mark);
        }

        keys.Commit();
        persons.Commit();
        _marked = known?.Sequence ?? _marked;
    });

    public bool Has(StudentId student) =>
        IsIn(_persons, "person", student) || IsIn(_keys, "person_key", student);

    public bool IsErased(StudentId student) => IsIn(_keys, "erased", student) || IsIn(_persons, "erased", student);

    public void Erase(IReadOnlyCollection<StudentId> students) => Again(() =>
    {
        var numbers = students.Select(student => (long)student.Value).ToArray();
        using var persons = _persons.Begin();
        using var keys = _keys.Begin();
        persons.Run(LockOthersOut);
        keys.Run("DELETE FROM person_key WHERE student = ANY ($1)", numbers);
        keys.Run(AddErased, numbers);
        persons.Run("DELETE FROM person WHERE student = ANY ($1)", numbers);
        persons.Run(AddErased, numbers);

        // From here on no host reads them.
        keys.Commit();
        persons.Commit();
    });

    /// <summary>What the server keeps of former rows is the server's (docs/identity.md).</summary>
    public bool Empty() => true;

    public void Mark(AuditPosition known)
    {
        foreach (var database in (VaultDatabase[])[_keys, _persons])
        {
            Again(() =>
            {
                using var session = database.Begin();
                SetMarkIn(session, database, known);
                session.Commit();
            });
        }

        _marked = known.Sequence;
    }

    public void TurnTo(KeyMasters masters) => Again(() =>
    {
        using var keys = _keys.Begin();
        keys.Run(
            "UPDATE vault SET master = $1, index_key = $2, next_master = NULL, next_index_key = NULL",
            masters.Current.Master, masters.Current.Bytes);
        if (masters.Next is { } next)
            keys.Run("UPDATE vault SET next_master = $1, next_index_key = $2", next.Master, next.Bytes);
        keys.Commit();
    });

    public KeyStep Rewrap(long after, string master, Func<WrappedKey, WrappedKey> rewrap)
    {
        var step = new KeyStep(0, after);
        Again(() =>
        {
            using var keys = _keys.Begin();
            var others = keys.All(
                """
                SELECT student, master, wrapped FROM person_key WHERE student > $1 AND master <> $2
                ORDER BY student LIMIT $3 FOR UPDATE
                """,
                row => new WrappedKey(row.GetInt64(0), StudentOf(row, 0), row.GetString(1), Bytes(row, 2)),
                after, master, RowsOfStep);
            if (others.Count == 0)
                return;
            var rewrapped = others.ConvertAll(key => rewrap(key));
            keys.Run(
                """
                UPDATE person_key SET master = $1, wrapped = new.wrapped
                FROM unnest($2, $3) AS new (student, wrapped) WHERE person_key.student = new.student
                """,
                master, rewrapped.Select(key => key.Place).ToArray(), rewrapped.Select(key => key.Bytes).ToArray());
            keys.Commit();
            step = new KeyStep(others.Count, others[^1].Place);
        });
        return step;
    }

    public StoreCounts Count() =>
        new(CountIn(_persons, "person"), CountIn(_keys, "person_key"), CountIn(_keys, "erased"));

    public void Dispose()
    {
        _persons.Close();
        _keys.Close();
        _lock.Dispose();
    }

    /// <summary>
    /// Makes a change, and once more after a connection broke: pooled ones are dead after the server was started again,
    /// and each change is the same when it is made twice.
    /// </summary>
    private static void Again(Action change)
    {
        try
        {
            change();
        }
        catch (JournalException e) when (e.InnerException is { } cause && !PostgresFailure.IsRefusal(cause))
        {
            change();
        }
    }

    private async ValueTask<KeyState?> KeyOfAsync(StudentId student) =>
        await _keys.AskAsync(KeyOf, (long)student.Value, row => StateOf(row, student));

    /// <exception cref="VaultException">
    /// The database is an older one than this process has used. What the audit log says was erased since is erased by
    /// the next opening, which a newer mark would keep from it.
    /// </exception>
    private void SetMarkIn(VaultSession session, VaultDatabase database, AuditPosition mark)
    {
        if (session.Run(SetMark, _databases.Begin.Hash, mark.Sequence, mark.Offset, mark.Hash, _marked) == 0)
            throw new VaultException(
                $"{database.Name}: it was restored from an older dump while this process has it open. Start every host again: each erases again the persons whose erasure is in its audit log.");
    }

    private static KeyMasters MastersOf(VaultDatabase database)
    {
        using var keys = database.Begin();
        return keys.One("SELECT master, index_key, next_master, next_index_key FROM vault", row => new KeyMasters(
            new WrappedIndex(row.GetString(0), Bytes(row, 1)),
            row.IsDBNull(2) ? null : new WrappedIndex(row.GetString(2), Bytes(row, 3))))!;
    }

    /// <summary>A database that was restored from before this host joined has seen the log's beginning.</summary>
    private static AuditPosition[] MarksOf(VaultDatabases folder, params VaultDatabase[] databases)
    {
        var marks = new List<AuditPosition>();
        foreach (var database in databases)
        {
            using var session = database.Begin();
            var found = session.All(
                "SELECT sequence, bytes, hash FROM audit_mark WHERE log = $1",
                row => new AuditPosition(row.GetInt64(0), row.GetInt64(1), row.GetString(2)), folder.Begin.Hash);
            marks.Add(found.Count > 0 ? found[0] : folder.Begin);
        }

        return [.. marks.OrderBy(mark => mark.Offset)];
    }

    private static HashSet<StudentId> ErasedIn(VaultDatabase database)
    {
        using var session = database.Begin();
        return [.. session.All("SELECT student FROM erased", row => StudentOf(row, 0))];
    }

    private static long CountIn(VaultDatabase database, string table)
    {
        using var session = database.Begin();
        return session.One($"SELECT count(*) FROM {table}", row => row.GetInt64(0));
    }

    private static bool IsIn(VaultDatabase database, string table, StudentId student)
    {
        using var session = database.Begin();
        return session.One(
            $"SELECT EXISTS (SELECT FROM {table} WHERE student = $1)", row => row.GetBoolean(0), (long)student.Value);
    }

    private static StoredPerson StoredOf(NpgsqlDataReader row) =>
        new([.. row.GetFieldValue<byte[][]>(1).Select(hash => NumberHash.Of(hash))], Bytes(row, 0), null);

    private static KeyState StateOf(NpgsqlDataReader row, StudentId student) =>
        new(row.IsDBNull(0) ? null : new WrappedKey((long)student.Value, student, row.GetString(0), Bytes(row, 1)),
            row.GetBoolean(2));

    private static byte[] BytesOf(NumberHash hash) => NumberHash.Join([hash]);

    private static StudentId StudentOf(NpgsqlDataReader row, int column) => new((ulong)row.GetInt64(column));

    private static byte[] Bytes(NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    /// <summary>What the database of keys knows of a student.</summary>
    private sealed record KeyState(WrappedKey? Key, bool IsErased)
    {
        /// <summary>The person with the key; null where the person was erased.</summary>
        public StoredPerson? Of(StoredPerson stored) => IsErased ? null : stored with { Key = Key };
    }

    /// <param name="current">The master key under which keys are added.</param>
    private sealed class Transaction(VaultSession persons, VaultSession keys, string current, VaultNames names)
        : IVaultChange
    {
        public StudentId? OwnerOf(NumberHash hash)
        {
            var owner = persons.One<StudentId?>(Owner, row => StudentOf(row, 0), BytesOf(hash));
            if (owner is not { } student || !KeyStateOf(student).IsErased)
                return owner;

            // A crash, or an older dump, has left the row of a person who was erased: the number is free.
            persons.Run("DELETE FROM person WHERE student = $1", (long)student.Value);
            return null;
        }

        public StoredPerson? Find(StudentId student) =>
            persons.One(PersonOf, StoredOf, (long)student.Value) is { } stored ? KeyStateOf(student).Of(stored) : null;

        public bool TryInsert(WrappedKey key, IReadOnlyList<NumberHash> numbers, byte[] data)
        {
            if (key.Master != current)
                throw new VaultException(
                    $"{names.Keys}: its keys are under the master key {current} since a rotation, and this process has {key.Master}. Start it again with that key.");
            var student = (long)key.Student.Value;
            if (keys.Run(InsertKey, student, key.Master, key.Bytes) == 0)
                return false;
            if (persons.Run(Insert, student, data, numbers.Select(BytesOf).ToArray()) > 0)
                return true;
            keys.Run("DELETE FROM person_key WHERE student = $1", student);
            return false;
        }

        public void Update(
            StudentId student, IReadOnlyList<NumberHash> before, IReadOnlyList<NumberHash> after, byte[] data)
        {
            persons.Run("UPDATE person SET sealed = $2 WHERE student = $1", (long)student.Value, data);
            persons.Run(
                "DELETE FROM person_number WHERE student = $1 AND hash = ANY ($2)", (long)student.Value,
                before.Except(after).Select(BytesOf).ToArray());
            persons.Run(
                "INSERT INTO person_number (hash, student) SELECT unnest($2), $1", (long)student.Value,
                after.Except(before).Select(BytesOf).ToArray());
        }

        private KeyState KeyStateOf(StudentId student) =>
            keys.One(KeyOf, row => StateOf(row, student), (long)student.Value)!;
    }
}
