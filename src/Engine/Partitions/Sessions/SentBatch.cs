using System.Runtime.InteropServices;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Partitions.Sessions;

/// <summary>An item with its caller.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct PostedItem(SessionItem Item, IReplyTo Caller, TimeSpan Deadline)
{
    /// <summary>True when the caller has its answer. An item that was given up keeps its place in its batch.</summary>
    public bool IsAnswered { get; set; }
}

/// <summary>A batch in flight.</summary>
internal sealed record SentBatch(long Number, PostedItem[] Items);
