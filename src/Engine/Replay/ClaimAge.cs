namespace Amoe.Engine.Replay;

/// <summary>A band of days since the deposit of an open claim.</summary>
public enum ClaimAge
{
    UpTo30Days,
    UpTo60Days,
    UpTo90Days,
    UpTo180Days,
    Older,
}

internal static class ClaimAges
{
    public static ClaimAge Of(int days) => days switch
    {
        <= 30 => ClaimAge.UpTo30Days,
        <= 60 => ClaimAge.UpTo60Days,
        <= 90 => ClaimAge.UpTo90Days,
        <= 180 => ClaimAge.UpTo180Days,
        _ => ClaimAge.Older,
    };
}
