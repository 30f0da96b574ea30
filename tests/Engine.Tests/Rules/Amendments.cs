using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Rules;

/// <summary>Rulebooks that differ from the one in force.</summary>
internal static class Amendments
{
    /// <summary>From a day on a specialist has another tariff.</summary>
    public static Rulebook SpecialistFrom(DateOnly from, long centimes) => Rulebook.Load(
        $$"""
        amends: amoe
        acts:
          - id: B1.specialist
            values:
              - from: {{from:yyyy-MM-dd}}
                morocco: { base: tariff, base_centimes: {{centimes}}, rate_basis_points: 8000 }
                abroad: not_covered
                source: a tariff to come
        """,
        "mine.yaml");
}
