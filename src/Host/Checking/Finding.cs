namespace Amoe.Host.Checking;

/// <summary>How a check ended.</summary>
internal enum CheckState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>The host would start, and something is worth a look.</summary>
    Warning,

    /// <summary>The host would not start.</summary>
    Failed,
}

/// <summary>What a check found.</summary>
/// <param name="Found">In one line; of a failure with what to do.</param>
/// <param name="Advice">What to do, as a sentence; null where that is nothing, or said already.</param>
internal sealed record Finding(CheckState State, string Found, string? Advice = null)
{
    public static Finding Ok(string found) => new(CheckState.Ok, found);

    public static Finding Warning(string found, string advice) => new(CheckState.Warning, found, advice);
}
