using System.Security.Cryptography;

namespace Amoe.Host.Identity;

/// <summary>
/// Takes a vault from one master key to another. Each row says which key wraps it, and <c>keys.db</c> says from its
/// first step to its last that a rotation is under way, so that it can be interrupted anywhere.
/// </summary>
/// <param name="path">What messages call <c>keys.db</c>.</param>
internal sealed class KeyRotation(VaultWriter writer, PersonKeyFile keys, MasterKeyRing ring, string path)
{
    // Some 10 ms: a registration waits no longer for a step.
    private const int RowsOfStep = 500;

    /// <returns>How many persons' keys were rewrapped.</returns>
    public async Task<long> RunAsync(MasterKey next, Action<long> rewrapped, CancellationToken cancellation)
    {
        await writer.RunAloneAsync(() => Begin(next));
        var (count, last) = (0L, 0);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var step = await writer.RunAloneAsync(() => Step(next, last, count, rewrapped));
            if (step.Count == 0)
                break;
            (count, last) = (count + step.Count, step[^1].Place);
        }

        await writer.RunAloneAsync(() => End(next));
        return count;
    }

    private bool Begin(MasterKey next)
    {
        if (keys.Next is { } under && under.Master != next.Id)
            throw new VaultException(
                $"{path}: a rotation to the master key {under.Master} has not ended. Give that key; afterwards rotate to {next.Id}.");
        if (keys.Master.Master == next.Id)
            throw new VaultException(
                $"{path}: {next.Id} is its master key already. Make another (amoe vault create says how).");
        if (keys.Next is null)
        {
            var index = ring.Unwrap(keys.Master);
            VaultWriter.In(keys, () => keys.Next = new WrappedIndex(next.Id, next.Wrap(index)));
            CryptographicOperations.ZeroMemory(index);
        }

        // From here on nothing new is under the former key.
        ring.Turn(next);
        return true;
    }

    private List<WrappedKey> Step(MasterKey next, int last, long before, Action<long> rewrapped)
    {
        var others = keys.OthersAfter(last, next.Id, RowsOfStep);
        VaultWriter.In(keys, () =>
        {
            foreach (var (i, key) in others.Index())
            {
                keys.Update(ring.Rewrap(key));
                rewrapped(before + i + 1);
            }
        });
        return others;
    }

    private bool End(MasterKey next)
    {
        VaultWriter.In(keys, () =>
        {
            keys.Master = keys.Next!;
            keys.Next = null;
        });

        // The former master key would open what the write-ahead log has of before.
        writer.Empty();
        return keys.Master.Master == next.Id;
    }
}
