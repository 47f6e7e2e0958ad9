using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Decant.Data;

/// <summary>Which values of a metric are better.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MetricDirection>))]
public enum MetricDirection
{
    /// <summary>Larger values.</summary>
    HigherIsBetter,

    /// <summary>Smaller values.</summary>
    LowerIsBetter,
}

/// <summary>What a metric came to.</summary>
/// <param name="Name">The metric's name, such as top-1.</param>
/// <param name="Value">The value; a share from 0 to 1 where the unit is %.</param>
/// <param name="Unit">The unit: %, dB, or empty.</param>
/// <param name="Direction">Which values are better.</param>
public sealed record MetricValue(
    string Name,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Value,
    string Unit,
    MetricDirection Direction
)
{
    /// <summary>The value, with its sign turned where lower is better: more of it is always better.</summary>
    [JsonIgnore]
    public double Goodness => GoodnessOf(Value);

    /// <summary>
    /// How much of the value a point is: a hundredth of a share and of a number without a unit, else one of the unit.
    /// </summary>
    [JsonIgnore]
    public double Point => Unit is "%" or "" ? 0.01 : 1;

    /// <summary>The goodness that this metric would have at a value.</summary>
    public double GoodnessOf(double value) => Direction == MetricDirection.HigherIsBetter ? value : -value;

    /// <summary>
    /// How many points worse this is than before; negative where it is better. Two equal values differ by 0, infinite
    /// ones too.
    /// </summary>
    public double PointsLostSince(MetricValue before) =>
        before.Value.Equals(Value) ? 0 : (before.Goodness - Goodness) / Point;

    /// <summary>The value with its unit, such as 91.84 %.</summary>
    [JsonIgnore]
    public string Text => TextOf(Value);

    /// <summary>A value of this metric with its unit.</summary>
    public string TextOf(double value) => $"{NumberOf(value)}{(Unit.Length > 0 ? " " : "")}{Unit}";

    /// <summary>A value of this metric in its unit, without it.</summary>
    public string NumberOf(double value) =>
        Unit == "%" ? (100 * value).ToString("0.00", CultureInfo.InvariantCulture)
        : double.IsInfinity(value) ? Infinite(value > 0)
        : value.ToString(FormatOf(Math.Abs(value)), CultureInfo.InvariantCulture);

    private string FormatOf(double size) =>
        Unit.Length > 0 ? "0.0"
        : size is > 0 and < 0.001 ? "0.000e+0"
        : "0.0000";

    private string Infinite(bool isPositive) =>
        !isPositive ? "-∞"
        : Direction == MetricDirection.HigherIsBetter ? "exact"
        : "∞";

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Text}";
}

/// <summary>How well a network does a task.</summary>
public sealed record Score
{
    /// <summary>Creates a score.</summary>
    /// <param name="values">The metrics' values, the primary metric's first; at least one.</param>
    /// <param name="count">How many examples they were measured on.</param>
    public Score(ImmutableArray<MetricValue> values, int count)
    {
        if (values.IsDefaultOrEmpty)
            throw new ArgumentException("a score has at least one value", nameof(values));
        (Values, Count) = (values, count);
    }

    /// <summary>The metrics' values, the primary metric's first.</summary>
    public ImmutableArray<MetricValue> Values { get; }

    /// <summary>How many examples they were measured on.</summary>
    public int Count { get; }

    /// <summary>The value of the task's primary metric, by which networks are compared.</summary>
    [JsonIgnore]
    public MetricValue Primary => Values[0];

    /// <summary>A metric's value.</summary>
    /// <exception cref="KeyNotFoundException">There is no such metric.</exception>
    public double this[string metric] =>
        (
            Values.FirstOrDefault(v => v.Name == metric)
            ?? throw new KeyNotFoundException(
                $"no metric is called '{metric}'; there are {string.Join(", ", Values.Select(v => v.Name))}"
            )
        ).Value;

    /// <summary>How many points of the primary metric worse this is than before; negative where it is better.</summary>
    public double PointsLostSince(Score before) => Primary.PointsLostSince(before.Primary);

    /// <summary>Equal if every value is.</summary>
    public bool Equals(Score? other) =>
        other is not null && Count == other.Count && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Values[0]);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Values);
}
