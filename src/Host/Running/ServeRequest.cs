using System.Net;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Host.Live;

namespace Amoe.Host.Running;

/// <summary>The settings of a host to start.</summary>
/// <param name="Http">Where its pages are; port 0 for any that is free.</param>
/// <param name="Listen">Where other hosts and senders reach it; port 0 for any that is free.</param>
/// <param name="Advertise">Under which name and port they do, or null when that is where it listens.</param>
/// <param name="Tls">How hosts and senders prove who they are; null where all of them are on this machine.</param>
/// <param name="Threads">Threads that decide.</param>
/// <param name="Begins">What the journal is created with where there is none.</param>
internal sealed record ServeRequest(
    JournalAddress Journal, IPEndPoint Http, IPEndPoint Listen, DnsEndPoint? Advertise, MutualTls? Tls, int Threads,
    JournalIdentity Begins)
{
    /// <summary>Null where it has its pages alone.</summary>
    public ApiRequest? Api { get; init; }

    /// <summary>Where its folder of the hosts' vault is; null where no call names a person.</summary>
    public VaultPlace? Vault { get; init; }
}
