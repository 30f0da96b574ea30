using System.Security.Cryptography;

namespace Amoe.Host.Identity;

/// <summary>
/// Takes a vault from one master key to another. Each row says which key wraps it, and the store of keys says from its
/// first step to its last that a rotation is under way, so that it can be interrupted anywhere.
/// </summary>
internal sealed class KeyRotation(VaultWriter writer, IVaultStore store, MasterKeyRing ring)
{
    /// <returns>How many persons' keys were rewrapped.</returns>
    public async Task<long> RunAsync(MasterKey next, Action<long> rewrapped, CancellationToken cancellation)
    {
        await writer.RunAloneAsync(() => Begin(next));
        var (count, last) = (0L, 0L);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var (before, after) = (count, last);
            var step = await writer.RunAloneAsync(() => Step(next, after, before, rewrapped));
            if (step.Count == 0)
                break;
            (count, last) = (count + step.Count, step.Last);
        }

        await writer.RunAloneAsync(() => End(next));
        return count;
    }

    private bool Begin(MasterKey next)
    {
        var (path, masters) = (store.Names.KeysPath, store.Masters);
        if (masters.Next is { } under && under.Master != next.Id)
            throw new VaultException(
                $"{path}: a rotation to the master key {under.Master} has not ended. Give that key; afterwards rotate to {next.Id}.");
        if (masters.Current.Master == next.Id)
            throw new VaultException(
                $"{path}: {next.Id} is its master key already. Make another (amoe vault create says how).");
        if (masters.Next is null)
        {
            var index = ring.Unwrap(masters.Current);
            store.TurnTo(masters with { Next = new WrappedIndex(next.Id, next.Wrap(index)) });
            CryptographicOperations.ZeroMemory(index);
        }

        // From here on nothing new is under the former key.
        ring.Turn(next);
        return true;
    }

    private KeyStep Step(MasterKey next, long last, long before, Action<long> rewrapped)
    {
        var count = before;
        return store.Rewrap(last, next.Id, key =>
        {
            var under = ring.Rewrap(key);
            rewrapped(++count);
            return under;
        });
    }

    private bool End(MasterKey next)
    {
        store.TurnTo(new KeyMasters(store.Masters.Next!, null));

        // The former master key would open what a log of the store has of before.
        writer.Empty();
        return store.Masters.Current.Master == next.Id;
    }
}
