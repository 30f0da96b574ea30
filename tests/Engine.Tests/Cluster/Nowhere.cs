using Amoe.Engine.Cluster;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>A link to somebody who only listens.</summary>
internal sealed class Nowhere(bool isHost) : ILink
{
    public string Name => "nowhere";

    public bool IsHost => isHost;

    public bool TrySend(ReadOnlyMemory<byte> frame) => true;
}
