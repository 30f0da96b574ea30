namespace Amoe.Engine.Partitions.Sessions;

/// <summary>What the shell of a <see cref="SessionSender"/> does next.</summary>
internal sealed class SessionActions
{
    public static readonly SessionActions Nothing = new();

    /// <summary>Goes to the partition by way of the cluster's router; null where nothing does.</summary>
    public OpenSession? ToRouter { get; set; }

    /// <summary>Batches and probes, in order, for the actor that opened the session.</summary>
    public List<SessionMessage> ToPartition { get; } = [];

    /// <summary>Answers for the callers.</summary>
    public List<Answer> Answers { get; } = [];

    public bool IsEmpty => ToRouter is null && ToPartition.Count == 0 && Answers.Count == 0;
}
