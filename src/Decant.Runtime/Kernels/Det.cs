namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Det of floating-point matrices, by elimination in doubles.</summary>
internal static class Det
{
    public static Tensor Run(Operators.Det op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            y = Tensor.Zeros(x.Type, context.Output);
        int n = x.Shape[-1];
        double[] values = Doubles.Of(x);
        context.Threads.For(y.Count, matrix =>
        {
            double determinant = Of(values.AsSpan(matrix * n * n, n * n).ToArray(), n, context.Threads.Token);
            Doubles.Set(y, matrix, determinant);
        });
        return y;
    }

    private static double Of(double[] a, int n, CancellationToken cancellation)
    {
        double product = 1;
        for (int k = 0; k < n; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            int pivot = k;
            for (int row = k + 1; row < n; row++)
                if (Math.Abs(a[row * n + k]) > Math.Abs(a[pivot * n + k]))
                    pivot = row;
            double largest = a[pivot * n + k];
            if (largest == 0)
                return 0;
            if (pivot != k)
            {
                for (int column = k; column < n; column++)
                    (a[k * n + column], a[pivot * n + column]) = (a[pivot * n + column], a[k * n + column]);
                product = -product;
            }
            product *= largest;
            for (int row = k + 1; row < n; row++)
            {
                double factor = a[row * n + k] / largest;
                for (int column = k + 1; column < n; column++)
                    a[row * n + column] -= factor * a[k * n + column];
            }
        }
        return product;
    }
}
