namespace Amoe.Host.Identity;

/// <summary>One change of the vault, for the writer's thread.</summary>
internal abstract class VaultOperation
{
    /// <summary>True when it commits by itself, in steps; false when it shares a transaction with others.</summary>
    public abstract bool IsAlone { get; }

    /// <summary>Makes the change. It may be called again after a transaction that failed.</summary>
    /// <param name="change">The transaction; null where it commits by itself.</param>
    public abstract void Apply(IVaultChange? change);

    /// <summary>The change is on disk.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception failure);
}

/// <summary>A change with a result.</summary>
internal sealed class VaultOperation<T> : VaultOperation
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<IVaultChange, T>? _shared;
    private readonly Func<T>? _alone;
    private T? _result;

    /// <param name="apply">Runs on the writer's thread, with others.</param>
    public VaultOperation(Func<IVaultChange, T> apply) => _shared = apply;

    /// <param name="apply">Runs on the writer's thread, and commits by itself.</param>
    public VaultOperation(Func<T> apply) => _alone = apply;

    public Task<T> Done => _done.Task;

    public override bool IsAlone => _alone is not null;

    public override void Apply(IVaultChange? change) => _result = _alone is { } alone ? alone() : _shared!(change!);

    public override void Complete() => _done.SetResult(_result!);

    public override void Fail(Exception failure) => _done.SetException(failure);
}
