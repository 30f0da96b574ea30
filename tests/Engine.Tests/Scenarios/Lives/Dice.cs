using Amoe.Engine.Domain;

namespace Amoe.Engine.Tests.Scenarios.Lives;

/// <summary>Draws in sequence from a seed: the failing seed brings the failing scenario back.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _draws;

    public int Below(int limit) => (int)(Mixing.Mix(seed, _draws++) % (ulong)limit);

    public bool Chance(int percent) => Below(100) < percent;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public T Any<T>()
        where T : struct, Enum => Of<T>(Enum.GetValues<T>());
}
