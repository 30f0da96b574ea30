using Amoe.Simulator.Assertions;

namespace Amoe.Simulator.Scenarios;

/// <summary>
/// A figure that a run of the scenario must measure: the value its probabilities come to, or one that the scenario puts
/// in its place.
/// </summary>
/// <param name="Of">One of <see cref="MarginalNames.All"/>.</param>
/// <param name="Value">
/// Replaces the value: for a count the count at scale 1, else 100,000ths of the whole. Null where it is worked out.
/// </param>
/// <param name="TimesPerMille">Rescales the value that is worked out.</param>
internal sealed record Expectation(string Of, long? Value = null, int TimesPerMille = 1000);
