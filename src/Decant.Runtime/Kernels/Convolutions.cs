using Decant.Runtime.Windows;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Conv over any number of spatial axes on floating-point tensors.</summary>
internal static class Conv
{
    public static Tensor Run(Operators.Conv op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            w = inputs[1]!;
        Tensor? bias = inputs.ElementAtOrDefault(2);
        if (x.Type != w.Type || (bias is not null && bias.Type != x.Type))
            throw new ModelException("input, weight and bias differ in element type");
        if (bias is not null && bias.Count != w.Shape[0])
            throw new ModelException($"a bias of shape {bias.Shape} for {w.Shape[0]} output channels");
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        if (y.Count == 0)
            return y;
        var window = new WindowGeometry(op.Window, x.Shape, w.Shape.Dims.AsSpan()[2..]);
        var size = new ConvolutionSize(x.Shape[0], x.Shape[1], w.Shape[0], op.Group);
        if (x.Type == ElementType.Float32)
            new UnfoldedConvolution(
                window,
                size,
                x.Array<float>(),
                w.Array<float>(),
                bias?.Array<float>(),
                y.Array<float>(),
                context.Threads.Token
            ).Run(context.Threads);
        else if (x.Type == ElementType.Float64)
            context.Threads.For(size.Images * size.Outputs, plane =>
                DirectConvolution.Plane(
                    window,
                    size,
                    x.Array<double>(),
                    w.Array<double>(),
                    bias is null ? 0 : bias.Array<double>()[plane % size.Outputs],
                    y.Array<double>(),
                    plane,
                    context.Threads.Token
                )
            );
        else
            throw new ModelException($"an input of {x.Type}; floating-point types are possible");
        return y;
    }
}

/// <summary>Computes ONNX ConvInteger.</summary>
internal static class ConvInteger
{
    public static Tensor Run(Operators.ConvInteger op, Tensor?[] inputs, KernelContext context) =>
        Run(
            op.Convolution,
            inputs[0]!,
            inputs.ElementAtOrDefault(2),
            inputs[1]!,
            inputs.ElementAtOrDefault(3),
            null,
            context
        );

    /// <summary>The convolution of x less its zero point with w less its own, plus a bias, in Int32.</summary>
    public static Tensor Run(
        Operators.Conv op,
        Tensor x,
        Tensor? xZero,
        Tensor w,
        Tensor? wZero,
        Tensor? bias,
        KernelContext context
    )
    {
        if (bias is not null && (bias.Type != ElementType.Int32 || bias.Count != w.Shape[0]))
            throw new ModelException(
                $"a bias of {bias} for {w.Shape[0]} output channels; it must hold an Int32 for each"
            );
        Tensor left = Quantizing.Centered(x, xZero, context),
            right = Quantizing.Centered(w, wZero is null ? null : PerChannel(wZero, w.Shape.Rank), context);
        Tensor y = ExactSums.Run(
            left,
            right,
            w.Shape.CountFrom(1),
            (input, filters) => Conv.Run(op, [input, filters], context),
            context
        );
        if (bias is not null)
            Broadcasting.Run<Add>(y, PerChannel(bias, y.Shape.Rank - 1), y, context);
        return y;
    }

    /// <summary>
    /// Numbers an output channel, as they broadcast to a tensor whose channels are <paramref name="rank"/> axes from
    /// the end.
    /// </summary>
    public static Tensor PerChannel(Tensor numbers, int rank)
    {
        if (numbers.Count == 1)
            return numbers;
        var dims = new int[rank];
        Array.Fill(dims, 1);
        dims[0] = numbers.Count;
        return numbers.Reshape(new Shape(dims));
    }
}

/// <summary>Computes ONNX QLinearConv; sums are exact, scales are applied in doubles.</summary>
internal static class QLinearConv
{
    public static Tensor Run(Operators.QLinearConv op, Tensor?[] inputs, KernelContext context)
    {
        Tensor sums = ConvInteger.Run(
            op.Convolution,
            inputs[0]!,
            inputs[2],
            inputs[3]!,
            inputs[5],
            inputs.ElementAtOrDefault(8),
            context
        );
        Tensor real = Casting.Convert(sums, ElementType.Float64, context);
        foreach (Tensor scale in new[] { inputs[1]!, ConvInteger.PerChannel(inputs[4]!, real.Shape.Rank - 1) })
            Broadcasting.Run<Mul>(real, Casting.Convert(scale, ElementType.Float64, context), real, context);
        return Quantizing.Quantize(
            real,
            inputs[6]!,
            inputs[7],
            Operators.Scaling.Of(real.Shape, inputs[6]!.Shape, 1, 0),
            inputs[7]!.Type,
            context
        );
    }
}

/// <summary>Computes ONNX ConvTranspose over any number of spatial axes on floating-point tensors.</summary>
internal static class ConvTranspose
{
    public static Tensor Run(Operators.ConvTranspose op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            w = inputs[1]!;
        Tensor? bias = inputs.ElementAtOrDefault(2);
        if (x.Type != w.Type || (bias is not null && bias.Type != x.Type))
            throw new ModelException("input, weight and bias differ in element type");
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        if (bias is not null && bias.Count != y.Shape[1])
            throw new ModelException($"a bias of shape {bias.Shape} for {y.Shape[1]} output channels");
        if (y.Count == 0)
            return y;
        // The window slides over the result, and the input holds what it gives: a Conv the other way round.
        int[] windows = [.. x.Shape.Dims.Skip(2)];
        var window = new WindowGeometry(
            op.Window,
            w.Shape.Dims.AsSpan()[2..],
            y.Shape.Dims.AsSpan()[2..],
            [.. op.Fit(x.Shape, w.Shape).Select((f, i) => (f.Before, 0, windows[i]))]
        );
        var size = new ConvolutionSize(x.Shape[0], x.Shape[1], y.Shape[1], op.Group);
        if (x.Type == ElementType.Float32)
            new FoldedConvolution(
                window,
                size,
                x.Array<float>(),
                w.Array<float>(),
                bias?.Array<float>(),
                y.Array<float>()
            ).Run(context.Threads);
        else if (x.Type == ElementType.Float64)
            context.Threads.For(size.Images * size.Outputs, plane =>
                DirectTransposition.Plane(
                    window,
                    size,
                    x.Array<double>(),
                    w.Array<double>(),
                    bias is null ? 0 : bias.Array<double>()[plane % size.Outputs],
                    y.Array<double>(),
                    plane,
                    context.Threads.Token
                )
            );
        else
            throw new ModelException($"an input of {x.Type}; floating-point types are possible");
        return y;
    }
}
