import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { map, type Observable } from 'rxjs';
import type { Answer } from './page.js';

/** Sends what a handler answers: its status and fields to the response, its body through Nest. */
@Injectable()
export class PageInterceptor implements NestInterceptor<Answer, string> {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<string> {
    const response = context.switchToHttp().getResponse<object>();
    const { httpAdapter } = this.host;
    return next.handle().pipe(
      map(({ status, headers, body }) => {
        for (const [name, value] of headers) httpAdapter.setHeader(response, name, value);
        httpAdapter.status(response, status);
        return body;
      }),
    );
  }
}
