using System.Net;
using Amoe.Engine.Journal;

namespace Amoe.Host.Running;

/// <summary>What a host is asked to be.</summary>
/// <param name="Listen">Where it listens; port 0 for any that is free.</param>
/// <param name="SecretPath">The file of the peers secret.</param>
/// <param name="Advertise">Under which address others reach it, or null when that is where it listens.</param>
/// <param name="Lease">How long it keeps its shards after its last sign of life.</param>
/// <param name="Threads">Threads that decide.</param>
/// <param name="UntilInputEnds">It ends with its standard input, and leaves Ctrl-C to whoever started it.</param>
internal sealed record ServeRequest(
    JournalAddress Journal, IPEndPoint Listen, string SecretPath, Uri? Advertise, TimeSpan Lease, int Threads, bool UntilInputEnds);
