using FsCheck;
using FsCheck.Fluent;

namespace Amoe.Engine.Tests;

/// <summary>
/// Properties checked by FsCheck from a plain fact; a failure shows the case and the seed that brings it back.
/// </summary>
internal static class Properties
{
    public static void Check<T>(Gen<T> cases, Func<T, bool> holds, int count = 1_000) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(count), Prop.ForAll(cases.ToArbitrary(), holds));

    /// <summary>Things made from a seed, which the failure shows.</summary>
    public static Gen<(int Seed, T Made)> FromSeeds<T>(Func<Random, T> make) =>
        Gen.Choose(0, int.MaxValue - 1).Select(seed => (seed, make(new Random(seed))));
}
