using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Amoe.Engine.Tests.Conventions;

/// <summary>
/// Money is whole centimes. What the compiler made is looked at, because a binary fraction needs no word of the source:
/// <c>var s = time.TotalSeconds</c>.
/// </summary>
public sealed class MoneyTests
{
    private static readonly string[] _namespaces = ["Vocabulary", "Reference", "Rules", "Domain", "Figures"];

    [Fact]
    public void No_binary_floating_point_where_money_is()
    {
        using var engine = AssemblyDefinition.ReadAssembly(typeof(Engine.Rules.Rulebook).Assembly.Location);
        var types = AllTypes(engine)
            .Where(type =>
                _namespaces.Any(name =>
                    $"{NamespaceOf(type)}.".StartsWith($"Amoe.Engine.{name}.", StringComparison.Ordinal)))
            .ToList();
        Assert.True(types.Count > 150, $"only {types.Count} types are looked at");
        Assert.Empty(types.SelectMany(Floating));
    }

    [Theory]
    [InlineData(nameof(Fractions.Hidden))]
    [InlineData(nameof(Fractions.Constant))]
    [InlineData(nameof(Fractions.Converted))]
    [InlineData(nameof(Fractions.Returned))]
    public void A_binary_fraction_is_found(string method)
    {
        using var tests = AssemblyDefinition.ReadAssembly(typeof(MoneyTests).Assembly.Location);
        Assert.Contains(
            AllTypes(tests).Where(type => type.Name == nameof(Fractions)).SelectMany(Floating),
            found => found.Contains(method, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Floating(TypeDefinition type) =>
        type.Fields.Where(field => IsFloating(field.FieldType)).Select(field => field.FullName)
            .Concat(type.Methods.Where(IsFloating).Select(method => method.FullName));

    private static bool IsFloating(MethodDefinition method) =>
        IsFloating(method.ReturnType) || method.Parameters.Any(parameter => IsFloating(parameter.ParameterType))
        || (method.HasBody
            && (method.Body.Variables.Any(variable => IsFloating(variable.VariableType))
                || method.Body.Instructions.Any(IsFloating)));

    private static bool IsFloating(Instruction instruction) =>
        instruction.OpCode.Code is Code.Ldc_R4 or Code.Ldc_R8 or Code.Conv_R4 or Code.Conv_R8 or Code.Conv_R_Un
        || (instruction.Operand is MethodReference called
            && (IsFloating(called.ReturnType)
                || called.Parameters.Any(parameter => IsFloating(parameter.ParameterType))));

    private static bool IsFloating(TypeReference type) =>
        type.FullName is "System.Single" or "System.Double" or "System.Half";

    private static IEnumerable<TypeDefinition> AllTypes(AssemblyDefinition assembly) =>
        assembly.MainModule.Types.SelectMany(Nested);

    private static IEnumerable<TypeDefinition> Nested(TypeDefinition type) =>
        type.NestedTypes.SelectMany(Nested).Prepend(type);

    private static string NamespaceOf(TypeDefinition type) =>
        type.DeclaringType is { } outer ? NamespaceOf(outer) : type.Namespace;

    private static class Fractions
    {
        public static long Hidden(TimeSpan time) => (long)time.TotalSeconds;

        public static bool Constant(long centimes) => centimes * 0.8 > 1;

        public static long Converted(long centimes) => (long)Math.Sqrt(centimes);

        public static Half Returned() => Half.One;
    }
}
