namespace Amoe.Host.Access;

/// <summary>How callers prove who they are, and how much they may ask.</summary>
internal sealed record AccessSettings
{
    /// <summary>Tokens of an authority as an alternative to keys; null: keys alone.</summary>
    public JwtSettings? Jwt { get; init; }

    public AccessLimits Limits { get; init; } = new();
}

/// <summary>How much callers may ask, each with a bucket of tokens that fills again.</summary>
internal sealed record AccessLimits
{
    /// <summary>Requests of one key at once.</summary>
    public int RequestBurst { get; init; } = 50_000;

    /// <summary>Requests of one key in a second, once its burst is spent.</summary>
    public int RequestsPerSecond { get; init; } = 20_000;

    /// <summary>Megabytes of answers of all streams that a host keeps, on disk; of one caller's half of it.</summary>
    public int AnswerMegabytes { get; init; } = 8_000;

    /// <summary>Failed authentications of one address at once, before they are answered 429.</summary>
    public int FailureBurst { get; init; } = 10;

    /// <summary>After which one more failure is answered 401.</summary>
    public TimeSpan FailurePeriod { get; init; } = TimeSpan.FromSeconds(6);

    /// <exception cref="InputException">A limit is not from 1.</exception>
    public void Validate()
    {
        foreach (var (name, value) in ((string, long)[])[
            (nameof(RequestBurst), RequestBurst), (nameof(RequestsPerSecond), RequestsPerSecond), (
            nameof(AnswerMegabytes), AnswerMegabytes), (nameof(FailureBurst), FailureBurst),
            ( nameof(FailurePeriod), FailurePeriod.Ticks)])
        {
            if (value < 1)
                throw new InputException($"the limit {name} is {value}: a limit is from 1.");
        }
    }
}
