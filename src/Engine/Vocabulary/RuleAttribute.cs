namespace Amoe.Engine.Vocabulary;

/// <summary>
/// Says which rules of the scheme a decider acts on: the table of rules is made from it (docs/rules.md).
/// </summary>
/// <param name="ids">Ids such as S3 or B11.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
internal sealed class RuleAttribute(params string[] ids) : Attribute
{
    public IReadOnlyList<string> Ids { get; } = ids;
}
