using Decant.Core;
using Decant.Formats.Onnx;

namespace Decant.Tests.Benchmarking;

/// <summary>How models of other kinds are read, and what they are fed.</summary>
internal static class WildModels
{
    /// <summary>The shape of an input, or its value where that is one number.</summary>
    public static OnnxReadOptions Read(string text)
    {
        var options = new OnnxReadOptions();
        foreach (string part in text.Split("; ", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = part.Split('=');
            int[] numbers = [.. sides[1].Split('x').Select(int.Parse)];
            options =
                numbers.Length == 1
                    ? options with
                    {
                        Fixed = options.Fixed.Add(sides[0], [numbers[0]]),
                    }
                    : options with
                    {
                        Shapes = options.Shapes.Add(sides[0], new Shape(numbers)),
                    };
        }
        return options;
    }

    /// <summary>Random elements of an input, or the ones that it was given.</summary>
    public static Tensor Input(ValueInfo input, OnnxReadOptions options, Rng rng)
    {
        if (options.Fixed.TryGetValue(input.Name, out var given))
            return Tensor.Scalar((long)given[0]);
        Shape stated = input.Type.Shape!.Value;
        Shape shape = options.Shapes.TryGetValue(input.Name, out Shape known)
            ? known
            : new Shape([.. stated.Dims.Select(d => d < 0 ? 1 : d)]);
        float[] values = [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (float)rng.NextDouble())];
        return input.Type.Type switch
        {
            ElementType.Float32 => Tensor.Of(shape, values),
            ElementType.Float16 => Tensor.Of(shape, Array.ConvertAll(values, v => (Half)v)),
            var type => throw new InvalidOperationException($"no values of {type} are made"),
        };
    }

    /// <summary>The elements of a tensor of floats.</summary>
    public static double[] Doubles(Tensor tensor) =>
        tensor.Type == ElementType.Float16
            ? Array.ConvertAll(tensor.Array<Half>(), v => (double)v)
            : Array.ConvertAll(tensor.Array<float>(), v => (double)v);
}
