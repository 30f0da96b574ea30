using System.Collections.Concurrent;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Host.Identity;

/// <summary>
/// The one thread of this process that changes the vault's store. Changes that wait share a transaction and its sync.
/// </summary>
internal sealed class VaultWriter : IDisposable
{
    private readonly IVaultStore _store;
    private readonly AuditLog _audit;
    private readonly GroupCommit<VaultOperation> _commits;

    // Erasures that are in the audit log and failed in the store. While there are any, the store is not marked.
    private readonly ConcurrentDictionary<StudentId, bool> _unfinished = [];

    public VaultWriter(IVaultStore store, AuditLog audit)
    {
        (_store, _audit) = (store, audit);
        _commits = new GroupCommit<VaultOperation>("identity vault", store.Together, Commit);
    }

    /// <summary>True between an erasure's entry in the audit log and its end in the store.</summary>
    public bool IsBeingErased(StudentId student) => _unfinished.ContainsKey(student);

    /// <summary>Runs a change together with others.</summary>
    /// <exception cref="VaultException">Nothing of it was made.</exception>
    public Task<T> RunAsync<T>(Func<IVaultChange, T> change) => PostAsync(new VaultOperation<T>(change));

    /// <summary>Runs a change that commits by itself.</summary>
    public Task<T> RunAloneAsync<T>(Func<T> change) => PostAsync(new VaultOperation<T>(change));

    /// <summary>
    /// Erases a person: first the entry in the audit log, by which an opening goes on after a crash, then the key, then
    /// the data and the numbers.
    /// </summary>
    public Task<ErasureOutcome> EraseAsync(StudentId student, Reader reader) => RunAloneAsync(() =>
    {
        if (!_store.Has(student))
        {
            if (!_store.IsErased(student))
                return ErasureOutcome.Unknown;
            Empty();
            return ErasureOutcome.AlreadyErased;
        }

        _audit.AppendAsync(new AuditEntry(AuditAct.Erased, student, reader)).AsTask().GetAwaiter().GetResult();
        _unfinished[student] = true;
        _store.Erase([student]);
        _unfinished.TryRemove(student, out _);
        Mark();
        Empty();
        return ErasureOutcome.Erased;
    });

    /// <summary>Erases the persons that the audit log names and the store still has, as an older copy does.</summary>
    /// <param name="end">The end of the audit log.</param>
    public static void EraseAgain(IVaultStore store, AuditPosition end, IReadOnlyCollection<StudentId> erased)
    {
        if (erased.Count > 0)
            store.Erase(erased);
        store.Mark(end);

        // A crash may have come between an erasure and this, when the store knows of it already.
        if (!store.Empty() && erased.Count > 0)
            throw StillRead(store);
    }

    /// <summary>Removes what is left of deleted rows.</summary>
    /// <exception cref="VaultException">A reader of another process keeps it.</exception>
    public void Empty()
    {
        if (!_store.Empty())
            throw StillRead(_store);
    }

    /// <summary>Says in the store that it knows of every erasure so far.</summary>
    public Task MarkAsync() => RunAloneAsync(() =>
    {
        Mark();
        return true;
    });

    public void Dispose()
    {
        _commits.Dispose();
        Mark();
    }

    private static VaultException StillRead(IVaultStore store) =>
        new(
            $"the change is made, but another process reads {store.Names.Persons} or {store.Names.Keys} and so keeps former bytes in its log. End that process (a backup?), and ask for the same again.");

    private void Mark()
    {
        if (_unfinished.IsEmpty)
            _store.Mark(_audit.End);
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
                Run([operations[i]], () => operations[i].Apply(null));
            start = i + 1;
        }
    }

    private void CommitTogether(List<VaultOperation> operations)
    {
        if (operations.Count > 1 && Run(operations, () => Transaction(operations), isFinal: false))
            return;

        // Where one of many failed, each has a transaction of its own now: only that one is answered with the failure.
        foreach (var operation in operations)
            Run([operation], () => Transaction([operation]));
    }

    private void Transaction(List<VaultOperation> operations) => _store.Change(
        _unfinished.IsEmpty ? _audit.End : null, change => operations.ForEach(operation => operation.Apply(change)));

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
