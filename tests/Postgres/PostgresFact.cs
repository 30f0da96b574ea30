namespace Amoe.Tests.Postgres;

/// <summary>
/// A test that needs <see cref="PrivatePostgres"/>: skipped, and said so, where no server is installed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : Xunit.FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresBinaries.Missing;
}

/// <summary>As <see cref="PostgresFactAttribute"/>, once for every row of data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresTheoryAttribute : Xunit.TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresBinaries.Missing;
}
