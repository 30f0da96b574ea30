using Amoe.Host.Identity;
using Amoe.Host.Telemetry;

namespace Amoe.Host.Live;

/// <summary>Where a vault is.</summary>
/// <param name="Folder">Its folder, which of a vault in databases is the host's own.</param>
/// <param name="KeyFile">The file of its master key; null where the environment has the key.</param>
internal sealed record VaultPlace(string Folder, string? KeyFile);

/// <summary>A vault with the master key that outlives it.</summary>
internal sealed class OpenVault : IDisposable
{
    private readonly MasterKey _master;

    private OpenVault(MasterKey master, IdentityVault vault) => (_master, Vault) = (master, vault);

    public IdentityVault Vault { get; }

    /// <exception cref="InputException">The master key is not said, or cannot be read.</exception>
    public static MasterKey MasterOf(VaultPlace place) =>
        place.KeyFile is { } file ? MasterKey.Read(file) : MasterKey.FromEnvironment()
        ?? throw new InputException(
            $"{place.Folder}: the vault's master key is not said. Name its file with --vault-key, or set {MasterKey.Variable}.");

    /// <summary>Looks whether several hosts can have a vault open.</summary>
    /// <exception cref="VaultException">It is in files, and one process has them open.</exception>
    public static void RequireShared(VaultPlace place)
    {
        if (!VaultDatabases.AreIn(place.Folder))
            throw new VaultException(
                $"{place.Folder}: it is no folder of a vault that hosts share. Make one in two databases with amoe vault create --persons URL --person-keys URL, or join one with amoe vault join.");
    }

    /// <param name="isShared">True where it has to be one that several hosts can have open.</param>
    /// <exception cref="VaultException">
    /// It is not there, is open elsewhere, is damaged, has another key, or is not shared.
    /// </exception>
    /// <exception cref="InputException">The master key is not said, or cannot be read.</exception>
    public static OpenVault At(VaultPlace place, bool isShared, HostTelemetry telemetry)
    {
        if (isShared)
            RequireShared(place);
        var master = MasterOf(place);
        try
        {
            var warn = telemetry.Warnings(typeof(IdentityVault).FullName!);
            var options = new VaultOptions { Warn = warn };
            return new OpenVault(master, IdentityVault.Open(place.Folder, master, telemetry.Time, options));
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Vault.Dispose();
        _master.Dispose();
    }
}
