using Decant.Core;

namespace Decant.Techniques.Supermask;

/// <summary>Options of supermasks.</summary>
/// <param name="Values">What the weights are held at.</param>
/// <param name="Rescale">Whether what is kept is multiplied by the count of the weight's numbers over the count kept.</param>
/// <param name="Sampled">Whether the result's mask is drawn, each number kept with its probability; else those of more than one half are kept.</param>
/// <param name="Low">The lowest shared value.</param>
/// <param name="High">The highest shared value; values are drawn evenly between the two.</param>
public sealed record SupermaskOptions(SupermaskValues Values, bool Rescale, bool Sampled, double Low, double High)
{
    private const double MostShared = 100;

    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">One is wrong, or has no effect.</exception>
    public static SupermaskOptions Read(TechniqueOptions options)
    {
        SupermaskValues values = options.Word("values", "initial", "signed-constant", "shared") switch
        {
            "signed-constant" => SupermaskValues.SignedConstant,
            "shared" => SupermaskValues.Shared,
            _ => SupermaskValues.Initial,
        };
        var result = new SupermaskOptions(values, options.Word("rescale", "false", "true") == "true", options.Word("mask", "threshold", "sampled") == "sampled",
            options.Number("low", -MostShared, MostShared, -2), options.Number("high", -MostShared, MostShared, 2));
        if (values != SupermaskValues.Shared && (options.Has("low") || options.Has("high")))
            throw options.Error(options.Has("low") ? "low" : "high", "'low' and 'high' have an effect with 'values: shared' only");
        return result.Low <= result.High ? result : throw options.Error("high", $"'low: {result.Low}' is above 'high: {result.High}'");
    }
}
