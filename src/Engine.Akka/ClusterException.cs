namespace Amoe.Engine.Akka;

/// <summary>This process cannot be, or is no longer, a member of an Akka cluster. The message is one line for a person: why, and what to do.</summary>
public sealed class ClusterException(string message, Exception? cause = null) : Exception(message, cause);
