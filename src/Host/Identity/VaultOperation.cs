namespace Amoe.Host.Identity;

/// <summary>One change of the vault, for the writer's thread.</summary>
internal abstract class VaultOperation
{
    /// <summary>True when it commits by itself, in steps; false when it shares a transaction with others.</summary>
    public virtual bool IsAlone => false;

    /// <summary>Makes the change. It may be called again after a transaction that failed.</summary>
    public abstract void Apply();

    /// <summary>The change is on disk.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception failure);
}

/// <summary>A change with a result.</summary>
/// <param name="apply">Runs on the writer's thread.</param>
internal sealed class VaultOperation<T>(Func<T> apply, bool isAlone = false) : VaultOperation
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override bool IsAlone => isAlone;

    public override void Apply() => _result = apply();

    public override void Complete() => _done.SetResult(_result!);

    public override void Fail(Exception failure) => _done.SetException(failure);
}
