using System.Security.Cryptography;

namespace Amoe.Host.Identity;

/// <summary>
/// The master keys of an open vault: one, and two during a rotation and after it. Persons are registered under the
/// current one.
/// </summary>
internal sealed class MasterKeyRing
{
    private readonly string _path;

    // Replaced whole, so that readers need no lock.
    private volatile MasterKey[] _keys;
    private volatile MasterKey _current;

    private MasterKeyRing(string path, NumberKeys numbers, MasterKey[] keys, MasterKey current) =>
        (_path, Numbers, _keys, _current) = (path, numbers, keys, current);

    /// <summary>What makes the hashes of numbers: no rotation changes it.</summary>
    public NumberKeys Numbers { get; }

    /// <summary>The key that wraps what is registered from now on.</summary>
    public MasterKey Current => _current;

    /// <summary>Finds the keys that a store of keys needs among those at hand.</summary>
    /// <param name="path">What messages call the store.</param>
    /// <exception cref="VaultException">One that it needs is not at hand; the message names it by its id.</exception>
    public static MasterKeyRing Of(KeyMasters masters, string path, MasterKey[] atHand)
    {
        var (master, next) = masters;
        var given = string.Join(" and ", atHand.Select(key => key.Id));
        var current = Array.Find(atHand, key => key.Id == master.Master);
        if (next is not null && (current is null || Array.TrueForAll(atHand, key => key.Id != next.Master)))
            throw new VaultException(
                $"{path}: its rotation from the master key {master.Master} to {next.Master} has not ended, and {given} was given. Give both; the rotation can then go on.");
        if (current is null)
            throw new VaultException(
                $"{path}: it is sealed under the master key {master.Master}, and {given} was given. Give that key: without it no person can be read, while journal and amounts can (docs/identity.md).");
        if (!current.TryUnwrap(master.Bytes, out var indexKey))
            throw new VaultException($"{path}: the index key in it is damaged. Put it back from its backup.");
        var numbers = new NumberKeys(indexKey);
        CryptographicOperations.ZeroMemory(indexKey);
        return new MasterKeyRing(
            path, numbers, atHand, next is null ? current : Array.Find(atHand, key => key.Id == next.Master)!);
    }

    /// <summary>
    /// Wraps what is registered from now on under another key; persons under the former stay readable.
    /// </summary>
    public void Turn(MasterKey next)
    {
        if (Array.TrueForAll(_keys, key => key.Id != next.Id))
            _keys = [.. _keys, next];
        _current = next;
    }

    /// <summary>A person's key. The caller overwrites it after use.</summary>
    /// <exception cref="VaultException">It is under a key that is not at hand, or damaged.</exception>
    public byte[] Unwrap(WrappedKey key)
    {
        var master = Array.Find(_keys, at => at.Id == key.Master)
            ?? throw new VaultException(
                $"{_path}: the key of student {key.Student} is under the master key {key.Master}, which was not given. A rotation has ended since this process was started, or the keys are of another time: give the key that wraps them now, or put the newest copy back.");
        return master.TryUnwrap(key.Bytes, out var plain) && plain.Length == Seal.KeyBytes
            ? plain
            : throw new VaultException(
                $"{_path}: the key of student {key.Student} is damaged. Put it back from its backup.");
    }

    /// <summary>The index key. The caller overwrites it after use.</summary>
    /// <exception cref="VaultException">It is under a key that is not at hand, or damaged.</exception>
    public byte[] Unwrap(WrappedIndex index) =>
        Array.Find(_keys, at => at.Id == index.Master) is { } master && master.TryUnwrap(index.Bytes, out var plain)
            ? plain
            : throw new VaultException($"{_path}: the index key in it is damaged. Put it back from its backup.");

    /// <summary>The same key under the current master key.</summary>
    public WrappedKey Rewrap(WrappedKey key)
    {
        var plain = Unwrap(key);
        var (master, rewrapped) = (_current, _current.Wrap(plain));
        CryptographicOperations.ZeroMemory(plain);
        return key with { Master = master.Id, Bytes = rewrapped };
    }
}
