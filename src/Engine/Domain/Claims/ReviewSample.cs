namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// Which claims are drawn for review by a physician (X4): a hash of stable ids, so that the draw is the same on every
/// run and host.
/// </summary>
public static class ReviewSample
{
    private const ulong Whole = 10_000;
    private const ulong Salt = 4;

    /// <param name="shareBasisPoints">The share drawn, in basis points: 200 is 2 %.</param>
    public static bool IsDrawn(StudentId student, ulong claim, int shareBasisPoints) =>
        Mixing.Mix(student.Value, claim, Salt) % Whole < (ulong)shareBasisPoints;
}
