using System.Text.Json;

namespace Amoe.Host.Reports;

/// <summary>A series of seeds, for a program: one object on one line. Units as in the JSON of one run.</summary>
internal static class SeedSeriesJson
{
    private const decimal Confidence = 0.95m;
    private const int Decimals = 4;

    public static void Write(TextWriter output, SeedSeries series) => JsonLine.Write(output, json =>
    {
        var request = series.First.Request;
        json.WriteStartObject();
        json.WriteString("scenario", request.Scenario.Name);
        json.WriteNumber("scale", request.ScaleThousandths / 1000m);
        json.WriteBoolean("as_asserted", series.Holds);
        json.WriteNumber("confidence", Confidence);
        json.WriteStartArray("runs");
        foreach (var run in series.Runs)
        {
            json.WriteStartObject();
            json.WriteNumber("seed", run.Seed);
            json.WriteBoolean("as_asserted", run.Holds);
            json.WriteString("digest", Format.Digest(run.Digest));
            foreach (var figure in run.Figures)
                figure.Write(json, figure.Name!);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("figures");
        foreach (var (figure, interval) in series.Figures)
            Write(json, figure, interval);
        json.WriteEndObject();
        json.WriteString("repeat", series.RepeatCommand);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, Figure figure, Interval interval)
    {
        var unit = figure.IsInTenths ? 10m : 1m;
        json.WriteStartObject(figure.IsMoney ? $"{figure.Name}_centimes" : figure.Name!);
        Write("mean", interval.Mean);
        Write("deviation", interval.Deviation);
        Write("half_width", interval.HalfWidth);
        Write("from", interval.Mean - interval.HalfWidth);
        Write("to", interval.Mean + interval.HalfWidth);
        Write("least", interval.Least);
        Write("most", interval.Most);
        json.WriteEndObject();

        void Write(string name, decimal value) => json.WriteNumber(name, decimal.Round(value / unit, Decimals));
    }
}
