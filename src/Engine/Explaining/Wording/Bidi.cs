namespace Amoe.Engine.Explaining;

/// <summary>
/// The marks of the Unicode bidirectional algorithm (UAX 9) that keep a run in its own direction; they are invisible.
/// </summary>
internal static class Bidi
{
    public const string LeftToRightIsolate = "\u2066";
    public const string FirstStrongIsolate = "\u2068";
    public const string PopIsolate = "\u2069";

    /// <summary>A line's direction follows its first letter, or this mark.</summary>
    public const string RightToLeftMark = "\u200f";
}
