using Amoe.Engine.Journal;

namespace Amoe.Host.Live;

/// <summary>Which journals take commands from outside.</summary>
internal static class ApiJournal
{
    /// <summary>What to do with a file.</summary>
    public const string OrAnother = "Name another.";

    /// <summary>What to do in a cluster, whose hosts serve a simulation's journal without an API.</summary>
    public const string OrWithoutApi = "Name another, or leave --keys and --development out.";

    /// <param name="name">Its name in messages.</param>
    /// <param name="advice">What to do, as a sentence.</param>
    /// <exception cref="JournalException">It is the journal of a simulation.</exception>
    public static void RequireProduction(JournalIdentity identity, string name, string advice)
    {
        if (identity.IsSimulated)
            throw new JournalException(
                $"{name}: it is the journal of a simulation, and commands from outside would change what it can be resumed to. {advice}");
    }
}
