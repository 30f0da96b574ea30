using System.Collections.Concurrent;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Host.Identity;

/// <summary>
/// The one thread that changes the vault's files. Changes that wait share a transaction and its sync. A person's key is
/// committed before the person: a crash between the two leaves a key without a person, and never a person without a
/// key.
/// </summary>
internal sealed class VaultWriter : IDisposable
{
    // A transaction of so many lasts some tens of milliseconds, which is how long one caller may wait for another.
    private const int Together = 1_024;

    private readonly PersonFile _persons;
    private readonly PersonKeyFile _keys;
    private readonly VaultIndex _index;
    private readonly AuditLog _audit;
    private readonly GroupCommit<VaultOperation> _commits;

    // Erasures that are in the audit log and failed in a file. While there are any, no file says that it knows them.
    private readonly ConcurrentDictionary<StudentId, bool> _unfinished = [];

    public VaultWriter(PersonFile persons, PersonKeyFile keys, VaultIndex index, AuditLog audit)
    {
        (_persons, _keys, _index, _audit) = (persons, keys, index, audit);
        _commits = new GroupCommit<VaultOperation>("identity vault", Together, Commit);
    }

    /// <summary>True between an erasure's entry in the audit log and its end in the files.</summary>
    public bool IsBeingErased(StudentId student) => _unfinished.ContainsKey(student);

    /// <summary>Runs a change together with others.</summary>
    /// <exception cref="VaultException">Nothing of it was made.</exception>
    public Task<T> RunAsync<T>(Func<T> change) => PostAsync(new VaultOperation<T>(change));

    /// <summary>Runs a change that commits by itself.</summary>
    public Task<T> RunAloneAsync<T>(Func<T> change) => PostAsync(new VaultOperation<T>(change, isAlone: true));

    /// <summary>
    /// Erases a person: first the entry in the audit log, by which an opening goes on after a crash, then the key, then
    /// the data and the index.
    /// </summary>
    public Task<ErasureOutcome> EraseAsync(StudentId student, Reader reader) => RunAloneAsync(() =>
    {
        if (_index.PlaceOf(student) is not { } place)
        {
            if (!_index.IsErased(student))
                return ErasureOutcome.Unknown;
            Empty();
            return ErasureOutcome.AlreadyErased;
        }

        _audit.AppendAsync(new AuditEntry(AuditAct.Erased, student, reader)).AsTask().GetAwaiter().GetResult();
        _unfinished[student] = true;
        var numbers = _persons.RowAt(place, student)?.Numbers ?? [];
        In(_keys, () => _keys.Delete(place, student));
        In(_persons, () => _persons.Erase(place, student));
        _index.Erase(student, NumberHash.Split(numbers));
        _unfinished.TryRemove(student, out _);
        Mark();
        Empty();
        return ErasureOutcome.Erased;
    });

    /// <summary>Erases the persons that the audit log names and a file still has, as an older copy does.</summary>
    public static void EraseAgain(
        PersonFile persons, PersonKeyFile keys, VaultIndex index, AuditPosition end,
        IReadOnlyCollection<StudentId> erased)
    {
        In(keys, () =>
        {
            foreach (var student in erased)
            {
                if (index.PlaceOf(student) is { } place)
                    keys.Delete(place, student);
            }

            keys.Mark = end;
        });
        In(persons, () =>
        {
            foreach (var student in erased)
            {
                var place = index.PlaceOf(student);
                var row = place is { } at ? persons.RowAt(at, student) : null;
                persons.Erase(place, student);
                index.Erase(student, NumberHash.Split(row?.Numbers));
            }

            persons.Mark = end;
        });

        // A crash may have come between an erasure and this, when the files know of it already.
        var isEmpty = TryEmpty(persons, keys);
        if (!isEmpty && erased.Count > 0)
            throw StillRead();
    }

    /// <summary>Runs changes of one file in a transaction.</summary>
    public static void In(VaultFile file, Action change)
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

    /// <summary>Empties the write-ahead logs, which have the pages of before.</summary>
    /// <exception cref="VaultException">A reader of another process keeps a log as it is.</exception>
    public void Empty()
    {
        if (!TryEmpty(_persons, _keys))
            throw StillRead();
    }

    public void Dispose()
    {
        _commits.Dispose();
        Mark();
    }

    private static bool TryEmpty(PersonFile persons, PersonKeyFile keys) => keys.Checkpoint() & persons.Checkpoint();

    private static VaultException StillRead() =>
        new(
            "the change is made, but another process reads vault.db or keys.db and so keeps former bytes in its log. End that process (a backup?), and ask for the same again.");

    /// <summary>Says in both files that they know of every erasure so far.</summary>
    private void Mark()
    {
        if (!_unfinished.IsEmpty)
            return;
        var end = _audit.End;
        In(_keys, () => _keys.Mark = end);
        In(_persons, () => _persons.Mark = end);
    }

    private async Task<T> PostAsync<T>(VaultOperation<T> operation)
    {
        await _commits.PostAsync(operation);
        return await operation.Done;
    }

    private void Commit(List<VaultOperation> operations)
    {
        var start = 0;
        for (var i = 0; i <= operations.Count; i++)
        {
            if (i < operations.Count && !operations[i].IsAlone)
                continue;
            CommitTogether(operations.GetRange(start, i - start));
            if (i < operations.Count)
                Run([operations[i]], operations[i].Apply);
            start = i + 1;
        }
    }

    private void CommitTogether(List<VaultOperation> operations)
    {
        if (operations.Count == 0 || Run(operations, () => Transaction(operations), isFinal: operations.Count == 1))
            return;

        // One of them failed: each has a transaction of its own now, and only that one is answered with the failure.
        foreach (var operation in operations)
            Run([operation], () => Transaction([operation]));
    }

    private void Transaction(List<VaultOperation> operations)
    {
        try
        {
            _keys.Begin();
            _persons.Begin();
            foreach (var operation in operations)
                operation.Apply();
            if (_unfinished.IsEmpty)
                _keys.Mark = _persons.Mark = _audit.End;
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

    /// <summary>Runs and answers operations. What fails is answered with its failure, whatever it is.</summary>
    /// <returns>False when they failed and are not answered yet.</returns>
    private static bool Run(List<VaultOperation> operations, Action action, bool isFinal = true)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            if (isFinal)
                operations.ForEach(operation =>
                    operation.Fail(e is JournalException store ? VaultFiles.Failure(store) : e));
            return false;
        }

        operations.ForEach(operation => operation.Complete());
        return true;
    }
}
